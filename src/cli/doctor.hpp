// Is everything there that a run of this gate would need? One finding for each thing looked at, worst first decides.
#pragma once

#include <string>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/config/gate_file.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct Finding {
  enum class Health : std::uint8_t { good, warning, bad };
  Health health = Health::good;
  std::string about;  // "route support_b: key"
  std::string says;
  std::string advice = {};  // what to do; empty where all is well
};

struct DoctorWish {
  std::string reports;      // where runs land
  bool is_offline = false;  // no socket is opened
};

std::vector<Finding> examine(const config::Gate& gate, const DoctorWish& wish);

// What a route needs; of its fallback nothing.
void examine_route(const config::Route& route, bool is_offline, std::vector<Finding>& out);
// Disk, descriptors and clock of this machine.
void examine_machine(const config::Gate& gate, const std::string& reports, std::vector<Finding>& out);

}  // namespace headgate::cli
