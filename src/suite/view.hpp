// A source at one version.
#pragma once

#include <optional>
#include <string>

#include "lock.hpp"
#include "source.hpp"

namespace headgate::suite {

// The cases and graders whose windows hold `version`, sealed. Complains about a version without cases and about cases
// that nothing grades; then returns nothing.
std::optional<VersionView> view_at(const Source& source, const SemVer& version, Complaints& complaints);

// The same for the last use of a source: the cases are moved out of it.
std::optional<VersionView> take_view(Source& source, const SemVer& version, Complaints& complaints);

// Whether a version is still what its lock says; complains with what is not.
bool holds_lock(const VersionView& view, const LockedVersion& locked, const Source& source, Complaints& complaints);

}  // namespace headgate::suite
