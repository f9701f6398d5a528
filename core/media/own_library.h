// Shared libraries of our own, which bring others along that most commands do without.
//
// They lie in lib/ beside the program's folder, or wherever the program's library path leads, and
// are loaded when they are first needed.
//
// Thread safety: FunctionsOf may be called from any thread.

#ifndef SACCADE_CORE_MEDIA_OWN_LIBRARY_H_
#define SACCADE_CORE_MEDIA_OWN_LIBRARY_H_

namespace saccade {

// What the function `symbol` of `library` returns: its table of functions. `purpose` says what needs
// it ("pictures and videos need"). Throws kEnvironment when there is no such library. It is never
// closed: objects made by it may outlive every caller.
const void* FunctionsOf(const char* library, const char* symbol, const char* purpose);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_OWN_LIBRARY_H_
