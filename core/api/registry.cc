#include "core/api/registry.h"

#include <set>
#include <string>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/config/scalar.h"

namespace saccade {

template <class Product, class Context>
std::vector<std::string> Catalogue<Product, Context>::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, unused] : entries_) names.push_back(name);
  return names;
}

template <class Product, class Context>
std::unique_ptr<Factory<Product, Context>> Catalogue<Product, Context>::Find(
    const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second.make_factory();
}

template <class Product, class Context>
std::string Catalogue<Product, Context>::UnknownMessage(const std::string& name) const {
  const std::vector<std::string> names = Names();
  const std::string hint = config::DidYouMean(name, names);
  return fmt::format(
      "unknown {} '{}'{}", kind_, name,
      hint.empty() ? fmt::format("; known: {}; a plug-in brings others: saccade --plugin FILE.so …",
                                 fmt::join(names, ", "))
                   : hint);
}

template <class Product, class Context>
std::unique_ptr<Factory<Product, Context>> Catalogue<Product, Context>::Read(
    config::Node& node, const std::string& path, config::Diagnostics& diagnostics,
    const config::SubtreeReader& read_subtree) const {
  const bool is_short = node.is_scalar();  // `gl` stands for {name: gl}
  if (is_short) {
    config::Node map = config::Node::Map();
    map.mark = node.mark;
    map.At("name") = std::move(node);
    node = std::move(map);
  }
  const config::Node* name_node = node.is_map() ? node.Find("name") : nullptr;
  if (name_node == nullptr || !name_node->is_scalar()) {
    diagnostics.Report(
        node.mark, path,
        fmt::format("has no name; write 'name: ...', one of: {}", fmt::join(Names(), ", ")));
    return nullptr;
  }
  const std::string name = name_node->text;
  auto factory = Find(name);
  if (factory == nullptr) {
    const std::string name_path = path.empty() ? "name" : path + ".name";
    diagnostics.Report(name_node->mark, is_short ? path : name_path, UnknownMessage(name));
    return nullptr;
  }
  const auto visit = [&](config::Visitor& visitor) { factory->Visit(visitor); };
  config::Read(node, path, visit, diagnostics, {"name"}, read_subtree);
  config::Node resolved = config::Node::Map();
  resolved.mark = node.mark;
  resolved.At("name") = config::FormatScalar(name);
  for (config::Node::Entry& entry : config::Write(visit).entries) {
    resolved.entries.push_back(std::move(entry));
  }
  node = std::move(resolved);
  return factory;
}

template <class Product, class Context>
void Catalogue<Product, Context>::AddEntry(const std::string& name, Entry entry) {
  const auto [place, added] = entries_.emplace(name, entry);
  if (!added && place->second.origin != entry.origin) {
    throw InputError(fmt::format("{} '{}' is registered twice, by {} and by {}; rename one of them",
                                 kind_, name, place->second.origin, entry.origin));
  }
}

template class Catalogue<std::shared_ptr<const EnvBlueprint>, EnvContext>;
template class Catalogue<std::unique_ptr<Policy>, PolicyContext>;
template class Catalogue<std::unique_ptr<Strategy>, StrategyContext>;
template class Catalogue<std::shared_ptr<const RendererBlueprint>, RendererContext>;

std::unique_ptr<EnvFactory> Registry::ReadEnv(config::Node& node, const std::string& path,
                                              config::Diagnostics& diagnostics) const {
  const auto read_renderer = [&](const std::string& catalogue, config::Node& value,
                                 const std::string& value_path, config::Diagnostics& problems) {
    // A program without any trains from states.
    if (catalogue != renderers_.kind() || renderers_.entries().empty()) return;
    // Nor does one without the default renderer, unless somebody asks for it.
    const bool is_default = value.is_scalar() && value.mark.source.empty();
    if (is_default && renderers_.Find(value.text) == nullptr) return;
    renderers_.Read(value, value_path, problems);
  };
  return envs_.Read(node, path, diagnostics, read_renderer);
}

std::vector<std::string> Registry::Plugins() const {
  std::set<std::string> files;
  const auto add = [&](const auto& catalogue) {
    for (const auto& [name, entry] : catalogue.entries()) files.insert(entry.origin);
  };
  add(envs_);
  add(policies_);
  add(strategies_);
  add(renderers_);
  files.erase(std::string(kBuiltIn));
  return {files.begin(), files.end()};
}

void Registry::set_origin(const std::string& origin) {
  envs_.set_origin(origin);
  policies_.set_origin(origin);
  strategies_.set_origin(origin);
  renderers_.set_origin(origin);
}

}  // namespace saccade
