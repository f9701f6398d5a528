// Shared libraries of our own, which bring others along that most commands do without.
//
// They lie in lib/ beside the program's folder, or wherever the program's library path leads, and
// are loaded when they are first needed.
//
// Thread safety: FunctionsOf may be called from any thread.

#ifndef SACCADE_CORE_MEDIA_OWN_LIBRARY_H_
#define SACCADE_CORE_MEDIA_OWN_LIBRARY_H_

namespace saccade {

// What the function `symbol` of `library` returns.
const void* TableOf(const char* library, const char* symbol, const char* purpose);

// The table of functions (a T) that `symbol` of `library` gives. `purpose` says what needs it
// ("pictures and videos need"). Throws kEnvironment when there is no such library. It is never
// closed: objects made by it may outlive every caller.
template <class T>
const T& FunctionsOf(const char* library, const char* symbol, const char* purpose) {
  return *static_cast<const T*>(TableOf(library, symbol, purpose));
}

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_OWN_LIBRARY_H_
