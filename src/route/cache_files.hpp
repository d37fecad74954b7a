// The files of a reply cache and who may use them: everybody who has it open shares a lock, so that nobody's database
// is removed under him.
#pragma once

#include <cstdint>
#include <string>

#include "fd.hpp"
#include "headgate/base/result.hpp"

namespace headgate::route {

enum class CacheLock : std::uint8_t { shared, alone };

// Names in the folder of a cache. Nothing else in it is ours.
std::string cache_database(const std::string& folder);

// Fails with locked where somebody holds it otherwise, environment where the system refuses.
Result<Fd> lock_cache(const std::string& folder, CacheLock how);

// Makes an empty database (0600) where there is none. Fails with environment, and with input where something else than
// a regular file has its name.
Result<void> make_database_file(const std::string& folder);

bool has_database(const std::string& folder);
std::uint64_t bytes_on_disk(const std::string& folder);

// Whether the file is a database that another program made: it has the signature of SQLite and another one's
// identification. Only while nobody has the database open: closing a descriptor drops the locks of the process on it.
Result<bool> is_foreign_database(const std::string& folder, std::uint32_t our_id);

// Removes the database and what SQLite keeps beside it. Only with the lock held alone.
Result<void> remove_database(const std::string& folder);

}  // namespace headgate::route
