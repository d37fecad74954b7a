// What a decision tells besides its findings. No rule reads any of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/rules.hpp"

namespace headgate {

// hits of n with its two-sided 95 % interval (Clopper-Pearson; where cases share clusters or have several trials, at an
// effective n). Without n there is no share, and the interval is all of [0, 1].
struct CountedShare {
  std::size_t hits = 0, n = 0;
  double lower = 0.0, upper = 1.0;

  std::optional<double> value() const {
    return n == 0 ? std::nullopt : std::optional(static_cast<double>(hits) / static_cast<double>(n));
  }
};

// Cases by their ids: at most `most` of them, total counts all.
struct NamedCases {
  std::vector<std::string> ids;
  std::size_t total = 0;
  static constexpr std::size_t most = 50;
};

// Of a run with several trials. Every case counts, also targeted ones; a cell without a grade counts as a failed trial.
struct TrialsSection {
  std::uint32_t trials = 1;
  Reducer reduce;
  struct Arm {
    std::size_t cases = 0;
    std::vector<std::size_t> passed;        // by trial: cases
    std::size_t errors = 0;                 // cells without a grade
    double mean = 0.0;                      // of passes, over cases and trials
    std::vector<double> pass_at, pass_hat;  // by k - 1, k up to the trials, at most max_k; means over the cases
    NamedCases flaky;                       // some trials pass and some do not
  };
  std::array<Arm, 2> arms;  // by headgate::Arm
  static constexpr std::uint32_t max_k = 100;
};

// One suite's classes on one arm, over all trials.
struct Classification {
  std::string suite;
  bool candidate = false;
  std::size_t n = 0;  // cells with a known true class
  std::size_t correct = 0;
  std::size_t unread = 0;   // of n: no class, because there is no grade
  std::size_t unknown = 0;  // cells of those cases whose true class no grade has told
  struct PerClass {
    std::string name;
    CountedShare precision, recall;
    std::optional<double> f1;  // 2 TP / (2 TP + FP + FN); absent where that is 0 / 0
  };
  std::vector<PerClass> classes;  // by name; at most max_classes
  std::size_t classes_total = 0;
  std::optional<double> macro_f1;  // mean of the F1 of the true classes
  struct Confused {
    std::string expected, given;  // given is empty where there is no grade
    std::size_t n = 0;
  };
  std::vector<Confused> confusion;  // all that occur, also the right ones; by names; at most max_confused
  std::size_t confusion_total = 0;
  static constexpr std::size_t max_classes = 100, max_confused = 400;
};

// What graders measured besides their scores: means over cases of the mean over a case's trials.
struct MeasureSummary {
  std::string name;  // "judge.tone"
  struct Arm {
    std::size_t cases = 0;
    std::optional<double> mean;
  };
  std::array<Arm, 2> arms;
  // Candidate minus baseline, over the cases that have both.
  std::size_t pairs = 0;
  std::optional<double> difference, lower, upper;  // 95 %, by t on clusters (CR2); reported, and no test
};

// Whether a reworded case fares like the case it rewords. A case passes when all its trials do.
struct VariantAgreement {
  bool candidate = false;
  CountedShare agreement;      // of rewordings that are graded, and their parent too
  std::size_t unmeasured = 0;  // a trial of either has no grade
  NamedCases disagreeing;      // the rewordings
};

// One reply that many different cases got.
struct DuplicateReplies {
  bool candidate = false;
  std::size_t count = 0;          // cases with that reply
  std::size_t replied = 0;        // cases with any
  std::size_t most_expected = 0;  // of these, how many share the most frequent expected value; 0: none is known
  NamedCases cases;
  // Shown from here on.
  static constexpr std::size_t least_count = 5;
  static constexpr double least_share = 0.1;
};

}  // namespace headgate
