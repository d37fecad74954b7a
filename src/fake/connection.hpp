// One client: its bytes in, the answer that is being played to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "delivery.hpp"
#include "responder.hpp"
#include "tls.hpp"

namespace headgate::fake {

class Connection {
 public:
  // Owns the socket, which must not block.
  Connection(int socket, std::unique_ptr<TlsStream> tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class State : std::uint8_t {
    waiting,  // for the client, or for room to send
    timed,    // for the time wakes_at()
    over,     // to be destroyed
  };
  // Does all that can be done: reads, answers, sends. Never blocks. `hung_up`: the system says that nobody is there.
  State advance(Responder& responder, const Now& now, bool hung_up);
  Micros wakes_at() const { return wakes_at_; }

  // Before it is destroyed in the middle of an answer.
  void abandon(Responder& responder, Micros now);

 private:
  enum class Played : std::uint8_t { done, blocked, timed, over };

  bool read();
  ssize_t receive(char* to, std::size_t most);
  ssize_t send(std::string_view bytes);
  bool start_answer(Responder& responder, const Now& now);
  Played play(Micros now);
  Played play_bytes(std::string_view bytes);
  Played play_drip(const Step& step, Micros now);
  void next_step();

  int socket_;
  std::unique_ptr<TlsStream> tls_;
  std::string in_;
  bool ended_ = false;  // the client sends no more
  bool told_to_continue_ = false;
  bool playing_ = false;
  bool reset_ = false;
  Delivery answer_;
  Ticket ticket_;
  std::size_t step_ = 0;
  std::size_t offset_ = 0;      // in the step's bytes
  std::uint64_t repeated_ = 0;  // of a repeat; of a wait: it has begun
  Micros wakes_at_ = 0;
};

}  // namespace headgate::fake
