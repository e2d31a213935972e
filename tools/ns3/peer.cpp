// The packet simulator beside the fluid: transfers by TCP over a chain of circuits in ns-3. Reads the circuits' rates
// (bit/s) and the transfers (begin s, bytes, access line bit/s, first and last circuit) from standard input, prints the
// end of each transfer (s): when its last byte has come. `fair` as argument: routers serve flows in turn.
#include <cstdio>
#include <iostream>
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>
#include <string>
#include <vector>

using namespace ns3;

struct Transfer {
  double begin, access;
  unsigned long long bytes, received = 0;
  int first, last;
  double end = -1;
};

static int unfinished;

static void received(Transfer* transfer, Ptr<const Packet> packet, const Address&) {
  transfer->received += packet->GetSize();
  if (transfer->end < 0 && transfer->received >= transfer->bytes) {
    transfer->end = Simulator::Now().GetSeconds();
    if (--unfinished == 0)
      Simulator::Stop();
  }
}

static NetDeviceContainer connect(Ptr<Node> one, Ptr<Node> other, double rate, const char* delay) {
  PointToPointHelper line;
  line.SetDeviceAttribute("DataRate", DataRateValue(DataRate(static_cast<uint64_t>(rate))));
  line.SetChannelAttribute("Delay", StringValue(delay));
  line.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue("2p"));
  return line.Install(one, other);
}

int main(int argc, char** argv) {
  const bool fair = argc > 1 && std::string(argv[1]) == "fair";
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(8 << 20));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(8 << 20));
  RngSeedManager::SetSeed(1);

  int circuits, transfers;
  std::cin >> circuits >> transfers;
  NodeContainer routers, senders, receivers;
  routers.Create(circuits + 1);
  senders.Create(transfers);
  receivers.Create(transfers);
  InternetStackHelper stack;
  stack.Install(routers);
  stack.Install(senders);
  stack.Install(receivers);
  TrafficControlHelper queues;
  if (fair)
    queues.SetRootQueueDisc("ns3::FqCoDelQueueDisc", "MaxSize", StringValue("4000p"));
  else
    queues.SetRootQueueDisc("ns3::FifoQueueDisc", "MaxSize", StringValue("200p"));
  Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.252");
  for (int i = 0; i < circuits; i++) {
    double rate;
    std::cin >> rate;
    auto devices = connect(routers.Get(i), routers.Get(i + 1), rate, "100us");
    queues.Install(devices);
    addresses.Assign(devices);
    addresses.NewNetwork();
  }
  std::vector<Transfer> plan(transfers);
  std::vector<Ipv4Address> to(transfers);
  for (int i = 0; i < transfers; i++) {
    auto& one = plan[i];
    std::cin >> one.begin >> one.bytes >> one.access >> one.first >> one.last;
    auto up = connect(senders.Get(i), routers.Get(one.first), one.access, "100us");
    auto down = connect(routers.Get(one.last + 1), receivers.Get(i), 1e10, "100us");
    queues.Install(up);
    addresses.Assign(up);
    addresses.NewNetwork();
    to[i] = addresses.Assign(down).GetAddress(1);
    addresses.NewNetwork();
  }
  Ipv4GlobalRoutingHelper::PopulateRoutingTables();
  unfinished = transfers;
  for (int i = 0; i < transfers; i++) {
    auto sink = PacketSinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 9)).Install(receivers.Get(i));
    sink.Get(0)->TraceConnectWithoutContext("Rx", MakeBoundCallback(&received, &plan[i]));
    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(to[i], 9));
    source.SetAttribute("MaxBytes", UintegerValue(plan[i].bytes));
    auto sending = source.Install(senders.Get(i));
    sending.Start(Seconds(plan[i].begin));
  }
  Simulator::Run();
  for (auto& one : plan)
    std::printf("%.9f\n", one.end);
  Simulator::Destroy();
}
