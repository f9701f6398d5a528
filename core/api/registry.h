// Everything that a configuration can name: environments, policies, strategies and renderers.
//
// An ordinary object that is filled by RegisterX(Registry&) functions, called from core/cli, from a
// program of the user's, or from the one exported symbol of a plug-in. No static initialisers.
//
//   registry.strategies().Add("my-es", "what it is in one sentence", MakeMyEs);
//   std::unique_ptr<Strategy> MakeMyEs(const MyEsOptions& options, const StrategyContext& context);
//
// The options struct has a Visit list (core/config/visitor.h); from it the registry reads, checks,
// writes and describes the options.

#ifndef SACCADE_CORE_API_REGISTRY_H_
#define SACCADE_CORE_API_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/env.h"
#include "core/api/policy.h"
#include "core/api/renderer.h"
#include "core/api/strategy.h"
#include "core/base/error.h"
#include "core/config/schema.h"

namespace saccade {

// Options of one entry, ready to be read; then it makes products. Product is what Make returns,
// Context what the runtime knows and the options do not.
template <class Product, class Context>
class Factory {
 public:
  virtual ~Factory() = default;
  virtual void Visit(config::Visitor& visitor) = 0;
  // Throws kInput when the context and the options do not fit together.
  virtual Product Make(const Context& context) const = 0;
};

// The origin of what no plug-in brought.
inline constexpr std::string_view kBuiltIn = "built in";

struct NoOptions {
  void Visit(config::Visitor&) {}
};

// The named entries of one kind.
template <class Product, class Context>
class Catalogue {
 public:
  using FactoryType = Factory<Product, Context>;

  struct Entry {
    std::string summary;
    std::string origin;  // kBuiltIn or the file of the plug-in
    std::function<std::unique_ptr<FactoryType>()> make_factory;
  };

  explicit Catalogue(std::string kind) : kind_(std::move(kind)) {}

  template <class Options>
  using MakeFunction = std::function<Product(const Options&, const Context&)>;

  // Adds an entry; adding the same name from the same origin again does nothing, from another
  // origin throws kInput. `make` is anything that can be called as a MakeFunction<Options>.
  template <class Options, class Callable>
  void Add(const std::string& name, const std::string& summary, Callable make,
           Options defaults = {}) {
    class Bound : public FactoryType {
     public:
      Bound(MakeFunction<Options> make, Options options, std::string whose)
          : make_(std::move(make)), options_(std::move(options)), whose_(std::move(whose)) {}
      void Visit(config::Visitor& visitor) override { options_.Visit(visitor); }
      Product Make(const Context& context) const override {
        Product product = CallAs([&] { return whose_; }, [&] { return make_(options_, context); });
        if (product == nullptr) throw InputError(whose_ + " made nothing (nullptr)");
        return product;
      }

     private:
      MakeFunction<Options> make_;
      Options options_;
      std::string whose_;  // "environment 'x' of /home/me/x.so"
    };
    AddEntry(name, {summary, origin_,
                    [make = MakeFunction<Options>(std::move(make)), defaults,
                     whose = kind_ + " '" + name + "' of " + origin_] {
                      return std::make_unique<Bound>(make, defaults, whose);
                    }});
  }

  // The same for a plain function, from which the options' type follows.
  template <class Options>
  void Add(const std::string& name, const std::string& summary,
           Product (*make)(const Options&, const Context&), Options defaults = {}) {
    Add<Options, MakeFunction<Options>>(name, summary, make, std::move(defaults));
  }

  const std::string& kind() const { return kind_; }  // "environment"
  const std::map<std::string, Entry>& entries() const { return entries_; }
  std::vector<std::string> Names() const;

  // The entry's factory with default options, or nullptr.
  std::unique_ptr<FactoryType> Find(const std::string& name) const;

  // "unknown environment 'x'; did you mean 'y'?" with all known names when none is near.
  std::string UnknownMessage(const std::string& name) const;

  // Reads `node`, a map with the key `name` and the options of that entry, or just the name, found
  // at `path`. Problems go to `diagnostics`; returns nullptr when the name is missing or unknown.
  // On success `node` is replaced by its resolved form, with every option written out.
  std::unique_ptr<FactoryType> Read(config::Node& node, const std::string& path,
                                    config::Diagnostics& diagnostics,
                                    const config::SubtreeReader& read_subtree = {}) const;

  const std::string& origin() const { return origin_; }
  void set_origin(std::string origin) { origin_ = std::move(origin); }

 private:
  void AddEntry(const std::string& name, Entry entry);

  std::string kind_;
  std::string origin_{kBuiltIn};
  std::map<std::string, Entry> entries_;
};

using RendererCatalogue = Catalogue<std::shared_ptr<const RendererBlueprint>, RendererContext>;

// What an environment may use beside its own options.
struct EnvContext {
  const RendererCatalogue* renderers = nullptr;  // for pixels
};

using EnvCatalogue = Catalogue<std::shared_ptr<const EnvBlueprint>, EnvContext>;
using PolicyCatalogue = Catalogue<std::unique_ptr<Policy>, PolicyContext>;
using StrategyCatalogue = Catalogue<std::unique_ptr<Strategy>, StrategyContext>;

using EnvFactory = EnvCatalogue::FactoryType;
using PolicyFactory = PolicyCatalogue::FactoryType;
using StrategyFactory = StrategyCatalogue::FactoryType;
using RendererFactory = RendererCatalogue::FactoryType;

extern template class Catalogue<std::shared_ptr<const EnvBlueprint>, EnvContext>;
extern template class Catalogue<std::unique_ptr<Policy>, PolicyContext>;
extern template class Catalogue<std::unique_ptr<Strategy>, StrategyContext>;
extern template class Catalogue<std::shared_ptr<const RendererBlueprint>, RendererContext>;

class Registry {
 public:
  EnvCatalogue& envs() { return envs_; }
  PolicyCatalogue& policies() { return policies_; }
  StrategyCatalogue& strategies() { return strategies_; }
  RendererCatalogue& renderers() { return renderers_; }
  const EnvCatalogue& envs() const { return envs_; }
  const PolicyCatalogue& policies() const { return policies_; }
  const StrategyCatalogue& strategies() const { return strategies_; }
  const RendererCatalogue& renderers() const { return renderers_; }

  // As envs().Read, and the renderer that the options name is read with them.
  std::unique_ptr<EnvFactory> ReadEnv(config::Node& node, const std::string& path,
                                      config::Diagnostics& diagnostics) const;

  // The files of the plug-ins that brought something, sorted.
  std::vector<std::string> Plugins() const;

  // Names the source of what is added from now on; a plug-in loader sets it to the plug-in's file.
  const std::string& origin() const { return envs_.origin(); }
  void set_origin(const std::string& origin);

 private:
  EnvCatalogue envs_{"environment"};
  PolicyCatalogue policies_{"policy"};
  StrategyCatalogue strategies_{"strategy"};
  RendererCatalogue renderers_{"renderer"};
};

}  // namespace saccade

#endif  // SACCADE_CORE_API_REGISTRY_H_
