// JSON of our own files. Both directions of a list of named numbers: a struct lists its fields once, as
//
//   template <class Record, class Visit>
//   void VisitRecord(Record& r, Visit visit) { visit("generation", r.generation); … }
//
// and is then written by PutFields and read by TakeFields, which therefore cannot disagree.

#ifndef SACCADE_CORE_RUNTIME_JSON_FIELDS_H_
#define SACCADE_CORE_RUNTIME_JSON_FIELDS_H_

#include <cstdint>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace saccade {

struct PutFields {
  nlohmann::ordered_json& json;
  template <class T>
  void operator()(const char* key, const T& value) const {
    json[key] = value;  // nlohmann writes NaN and ±∞ as null
  }
};

// Throws a std::exception where a field is missing or of another type; see JsonProblem.
struct TakeFields {
  const nlohmann::ordered_json& json;

  template <class T>
  void operator()(const char* key, T& value) const {
    Take(json.at(key), value);
  }

 private:
  template <class T>
  static void Take(const nlohmann::ordered_json& field, T& value) {
    if constexpr (std::is_floating_point_v<T>) {
      value = field.is_null() ? std::numeric_limits<T>::quiet_NaN() : field.get<T>();
    } else if constexpr (std::is_integral_v<T>) {
      const bool fits =
          field.is_number_unsigned()
              ? std::in_range<T>(field.get<std::uint64_t>())
              : field.is_number_integer() && std::in_range<T>(field.get<std::int64_t>());
      if (!fits) throw std::invalid_argument(field.dump() + " is not a whole number that fits");
      value = field.get<T>();
    } else {
      value = field.get<T>();
    }
  }
  template <class T>
  static void Take(const nlohmann::ordered_json& field, std::vector<T>& values) {
    if (!field.is_array()) throw std::invalid_argument(field.dump() + " is not a list");
    values.clear();
    for (const auto& element : field) Take(element, values.emplace_back());
  }
};

// As text, on one line unless `indent` says otherwise. A file name may be any bytes, JSON must be
// UTF-8: what is not is replaced.
inline std::string DumpJson(const nlohmann::ordered_json& json, int indent = -1) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// What a parser or TakeFields complains of, without the library's "[json.exception.…] ".
inline std::string JsonProblem(const std::exception& error) {
  const std::string text = error.what();
  const auto end = text.starts_with('[') ? text.find("] ") : std::string::npos;
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_JSON_FIELDS_H_
