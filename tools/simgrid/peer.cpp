// The peer of `make bench-simulation`: the same transfers in SimGrid. Reads links and transfers from standard input,
// prints the processor seconds that the run took (without making the platform), then the end of each transfer.
#include <cstdio>
#include <ctime>
#include <iostream>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace sg4 = simgrid::s4u;

struct Transfer {
  double begin;
  unsigned long long bytes;
  std::vector<int> links;
};

static double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  sg4::Engine engine(&argc, argv);
  auto* zone = sg4::create_full_zone("all");
  int links, transfers;
  std::cin >> links >> transfers;
  std::vector<sg4::Link*> link(links);
  for (int i = 0; i < links; i++) {
    double bytes_per_second;
    std::cin >> bytes_per_second;
    link[i] = zone->create_link("l" + std::to_string(i), bytes_per_second)->set_latency(0)->seal();
  }
  std::vector<Transfer> plan(transfers);
  std::vector<sg4::Host*> from(transfers), to(transfers);
  for (int i = 0; i < transfers; i++) {
    int hops;
    std::cin >> plan[i].begin >> plan[i].bytes >> hops;
    plan[i].links.resize(hops);
    std::vector<sg4::LinkInRoute> route;
    for (int& one : plan[i].links) {
      std::cin >> one;
      route.emplace_back(link[one]);
    }
    from[i] = zone->create_host("f" + std::to_string(i), 1e9)->seal();
    to[i] = zone->create_host("t" + std::to_string(i), 1e9)->seal();
    zone->add_route(from[i]->get_netpoint(), to[i]->get_netpoint(), nullptr, nullptr, route, false);
  }
  zone->seal();
  std::vector<sg4::CommPtr> sent(transfers);
  sg4::Actor::create("source", from[0], [&]() {
    for (int i = 0; i < transfers; i++) {
      if (plan[i].begin > sg4::Engine::get_clock())
        sg4::this_actor::sleep_until(plan[i].begin);
      sent[i] = sg4::Comm::sendto_async(from[i], to[i], plan[i].bytes);
    }
    for (auto& one : sent)
      one->wait();
  });
  const double begin = processor_seconds();
  engine.run();
  std::printf("%.9f\n", processor_seconds() - begin);
  for (auto& one : sent)
    std::printf("%.12f\n", one->get_finish_time());
}
