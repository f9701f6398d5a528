// Both directions of a list of named numbers: a struct lists its fields once, as
//
//   template <class Record, class Visit>
//   void VisitRecord(Record& r, Visit visit) { visit("generation", r.generation); … }
//
// and is then written by PutFields and read by TakeFields, which therefore cannot disagree.

#ifndef SACCADE_CORE_RUNTIME_JSON_FIELDS_H_
#define SACCADE_CORE_RUNTIME_JSON_FIELDS_H_

#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
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
    if (std::is_floating_point_v<T> && field.is_null()) {
      value = std::numeric_limits<T>::quiet_NaN();
    } else if (std::is_integral_v<T> && !field.is_number_integer()) {
      throw std::invalid_argument(field.dump() + " is not a whole number");
    } else {
      value = field.get<T>();
    }
  }
  template <class T>
  static void Take(const nlohmann::ordered_json& field, std::vector<T>& values) {
    values.clear();
    for (const auto& element : field) Take(element, values.emplace_back());
  }
};

// What a parser or TakeFields complains of, without the library's "[json.exception.…] ".
inline std::string JsonProblem(const std::exception& error) {
  const std::string text = error.what();
  const auto end = text.starts_with('[') ? text.find("] ") : std::string::npos;
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_JSON_FIELDS_H_
