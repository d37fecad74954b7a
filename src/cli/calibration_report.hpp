// What `judge calibrate` says: for people, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/gate/calibrate.hpp"

namespace headgate::cli {

struct CalibratedJudge {
  std::string name;
  Calibration calibration;
  gate::Admission admission;
};

struct CalibrationReport {
  std::vector<CalibratedJudge> judges;  // at least one
  JudgesRule floors;
  std::string labels_from, verdicts_from;  // "people's labels in labels.csv", "run 20261120T…"
  std::vector<std::string> notes;
};

// The first line is the answer.
std::string calibration_text(const CalibrationReport& report);
Json calibration_json(const CalibrationReport& report);

}  // namespace headgate::cli
