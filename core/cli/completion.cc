#include <algorithm>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/cli/commands.h"

namespace saccade::cli {
namespace {

constexpr const char* kExamples = R"(
Put the script where the shell looks for it, once, and open a new shell:
  bash   saccade completion bash > ~/.local/share/bash-completion/completions/saccade
  zsh    saccade completion zsh > ~/.zfunc/_saccade, where ~/.zshrc has fpath=(~/.zfunc $fpath)
         before compinit
  fish   saccade completion fish > ~/.config/fish/completions/saccade.fish

Examples:
  source <(saccade completion bash)                          in this shell only
  saccade --plugin mine.so completion bash                   with the names of a plug-in)";

// What may be written in one place of the command line.
struct Values {
  std::vector<std::string> words = {};
  bool files = false;
  bool folders = false;
};

struct OptionDoc {
  std::string short_name;  // "o", may be empty
  std::string long_name;   // "out"
  std::string help;
  bool is_flag = false;
  bool repeats = false;
  Values values = {};
};

struct CommandDoc {
  std::string name;
  std::string help;
  std::vector<OptionDoc> options = {};
  Values positional = {};
};

// `text` in single quotes, as all three shells read them. Their escapes differ, so a quote within
// becomes a typographic one: these are help texts and names.
std::string Quote(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("’") : std::string(1, c);
  return quoted + "'";
}

std::string Join(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// The words of "…{a,b,c}…", as CLI11 writes a fixed choice into the name of a type.
std::vector<std::string> ChoicesIn(const std::string& type) {
  const auto open = type.find('{');
  const auto close = type.find('}', std::min(open, type.size()));
  if (close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

// From the names that the command's own help uses for its values.
Values ValuesOf(const CLI::Option& option, const Registry& registry) {
  const std::string type = option.get_type_name();
  const std::string name = option.get_name();
  Values values{ChoicesIn(type)};
  const auto add = [&](const std::vector<std::string>& names) {
    values.words.insert(values.words.end(), names.begin(), names.end());
  };
  const auto any_of = [&](std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (any_of({"ENV", "RUN|ENV", "NAME", "--env"})) add(registry.envs().Names());
  if (any_of({"NAME"})) {
    add(registry.policies().Names());
    add(registry.strategies().Names());
    add({"config"});
  }
  if (any_of({"NAME", "--renderer"})) add(registry.renderers().Names());
  values.files = type.starts_with("FILE") || type.find('.') != std::string::npos ||  // "A.npy"
                 any_of({"CONFIG", "RUN", "RUN|ENV"});
  values.folders = type.starts_with("DIR");
  return values;
}

CommandDoc DocOf(const CLI::App& app, const Registry& registry) {
  CommandDoc doc{app.get_name(), app.get_description()};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const Values values = ValuesOf(*option, registry);
      doc.positional.words.insert(doc.positional.words.end(), values.words.begin(),
                                  values.words.end());
      doc.positional.files |= values.files;
      doc.positional.folders |= values.folders;
      continue;
    }
    doc.options.push_back({option->get_snames().empty() ? "" : option->get_snames().front(),
                           option->get_lnames().empty() ? "" : option->get_lnames().front(),
                           option->get_description(), option->get_items_expected_max() == 0,
                           option->get_expected_max() > 1, ValuesOf(*option, registry)});
  }
  return doc;
}

// The application itself first, then its commands.
std::vector<CommandDoc> DocsOf(const CLI::App& app, const Registry& registry) {
  std::vector<CommandDoc> docs = {DocOf(app, registry)};
  for (const CLI::App* command : app.get_subcommands({})) {
    docs.push_back(DocOf(*command, registry));
    docs.front().positional.words.push_back(command->get_name());
  }
  docs.front().name = "";
  return docs;
}

// bash: one case for "command previous-word", one for the command.

std::string BashValues(const Values& values) {
  std::string actions;
  if (values.files) actions += " -f";
  if (values.folders) actions += " -d";
  return fmt::format("words={} actions={}", Quote(Join(values.words)), Quote(actions));
}

std::string BashNames(const OptionDoc& option, const std::string& command) {
  std::vector<std::string> patterns;
  if (!option.short_name.empty()) patterns.push_back(Quote(command + " -" + option.short_name));
  if (!option.long_name.empty()) patterns.push_back(Quote(command + " --" + option.long_name));
  return fmt::format("{}", fmt::join(patterns, " | "));
}

std::string BashScript(const std::vector<CommandDoc>& docs) {
  std::string values, options, positionals;
  for (const CommandDoc& doc : docs) {
    std::vector<std::string> names;
    for (const OptionDoc& option : doc.options) {
      if (!option.long_name.empty()) names.push_back("--" + option.long_name);
      if (option.is_flag) continue;
      values +=
          fmt::format("    {}) {} ;;\n", BashNames(option, doc.name), BashValues(option.values));
    }
    options += fmt::format("        {}) words={} ;;\n", Quote(doc.name), Quote(Join(names)));
    positionals += fmt::format("        {}) {} ;;\n", Quote(doc.name), BashValues(doc.positional));
  }
  return fmt::format(R"(# Completion of saccade for bash, written by: saccade completion bash

_saccade() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command= words= actions= i
  # --out=DIR is three words to bash.
  if [[ $previous == = ]]; then previous=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  if [[ $current == = ]]; then current=; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      --plugin) ((i++)) ;;
      -*) ;;
      *) command=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  case "$command $previous" in
{}    *)
      if [[ $current == -* ]]; then
        case $command in
{}        esac
      else
        case $command in
{}        esac
      fi ;;
  esac
  # shellcheck disable=SC2086  # actions are several words
  mapfile -t COMPREPLY < <(compgen $actions -W "$words" -- "$current")
}}
complete -o filenames -F _saccade saccade
)",
                     values, options, positionals);
}

// zsh: _arguments takes "NAME[help]:what:action" for each option.

std::string ZshEscape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ZshAction(const Values& values) {
  std::vector<std::string> alternatives;
  if (!values.words.empty()) {
    alternatives.push_back(fmt::format("\"words:word:({})\"", Join(values.words)));
  }
  if (values.files) alternatives.emplace_back("\"files:file:_files\"");
  if (values.folders) alternatives.emplace_back("\"folders:folder:_files -/\"");
  if (alternatives.empty()) return " ";
  return "_alternative " + Join(alternatives);
}

std::string ZshArguments(const CommandDoc& doc) {
  std::string specs;
  const auto add = [&](const std::string& dashes_and_name, const OptionDoc& option) {
    std::string spec =
        (option.repeats ? "*" : "") + dashes_and_name + "[" + ZshEscape(option.help) + "]";
    if (!option.is_flag) spec += ":value:" + ZshAction(option.values);
    specs += " \\\n        " + Quote(spec);
  };
  for (const OptionDoc& option : doc.options) {
    if (!option.short_name.empty()) add("-" + option.short_name, option);
    if (!option.long_name.empty()) add("--" + option.long_name, option);
  }
  return specs;
}

std::string ZshScript(const std::vector<CommandDoc>& docs) {
  std::string commands, cases;
  for (std::size_t i = 1; i < docs.size(); ++i) {
    commands += fmt::format("    {}\n", Quote(docs[i].name + ":" + ZshEscape(docs[i].help)));
    cases +=
        fmt::format("      {})\n      _arguments{} \\\n        {} ;;\n", docs[i].name,
                    ZshArguments(docs[i]), Quote("*:argument:" + ZshAction(docs[i].positional)));
  }
  return fmt::format(R"(#compdef saccade
# Completion of saccade for zsh, written by: saccade completion zsh

_saccade() {{
  local state line context
  typeset -A opt_args
  local -a commands=(
{}  )
  _arguments -C{} \
        '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument) case $words[1] in
{}      esac ;;
  esac
}}

if [[ $funcstack[1] == _saccade ]]; then _saccade "$@"; else compdef _saccade saccade; fi
)",
                     commands, ZshArguments(docs.front()), cases);
}

// fish: one `complete` for each command and option.

std::string FishValues(const Values& values) {
  std::string text;
  std::string words = Join(values.words);
  if (values.folders)
    words += words.empty() ? "(__fish_complete_directories)" : " (__fish_complete_directories)";
  if (!words.empty()) text += " -a " + Quote(words);
  return text + (values.files ? " -F" : " -f");
}

std::string FishScript(const std::vector<CommandDoc>& docs) {
  std::string script = "# Completion of saccade for fish, written by: saccade completion fish\n\n";
  for (const CommandDoc& doc : docs) {
    const std::string place =
        doc.name.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + doc.name;
    const std::string complete = fmt::format("complete -c saccade -n {}", Quote(place));
    if (!doc.name.empty()) {
      script += fmt::format("complete -c saccade -n __fish_use_subcommand -f -a {} -d {}\n",
                            doc.name, Quote(doc.help));
      script += fmt::format("{}{}\n", complete, FishValues(doc.positional));
    }
    for (const OptionDoc& option : doc.options) {
      script += complete;
      if (!option.short_name.empty()) script += " -s " + option.short_name;
      if (!option.long_name.empty()) script += " -l " + option.long_name;
      if (!option.is_flag) script += " -r" + FishValues(option.values);
      script += fmt::format(" -d {}\n", Quote(option.help));
    }
  }
  return script;
}

}  // namespace

void AddCompletion(CLI::App& app, const Registry& registry) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print a script that completes commands in a shell");
  command->footer(kExamples);
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([=, &app, &registry] {
    const std::vector<CommandDoc> docs = DocsOf(app, registry);
    const std::string script = *shell == "bash"  ? BashScript(docs)
                               : *shell == "zsh" ? ZshScript(docs)
                                                 : FishScript(docs);
    std::fputs(script.c_str(), stdout);
  });
}

}  // namespace saccade::cli
