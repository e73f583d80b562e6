# Sourced by run_cluster.sh: where nodes listen, and the networks that can be cut.
SPACE=()

# Where things listen: on loopback, or on the networks that can be cut.
hub() { $OWN_NET && echo 10.78.0.254 || echo 127.0.0.1; }
face() { $OWN_NET && echo "10.78.0.$1" || echo 127.0.0.1; }
member() { $OWN_NET && echo "10.77.0.$1" || echo 127.0.0.1; }

# Two switches: cluster, which can be cut, and callers, which cannot. A namespace and a wire to each for every node.
build_networks() {
  local n
  ip link set lo up
  ip link add cluster type bridge
  ip link add callers type bridge
  ip address add 10.78.0.254/24 dev callers
  ip link set cluster up
  ip link set callers up
  for n in "${NODES[@]}"; do
    unshare --net sleep infinity &
    SPACE[n]=$!
    STARTED+=("${SPACE[n]}")
    until [ "$(readlink "/proc/${SPACE[n]}/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
    ip link add "cluster$n" type veth peer name cluster netns "${SPACE[n]}"
    ip link add "callers$n" type veth peer name callers netns "${SPACE[n]}"
    ip link set "cluster$n" master cluster up
    ip link set "callers$n" master callers up
    within "$n"
    "${SPACE_OF[@]}" ip link set lo up
    "${SPACE_OF[@]}" ip address add "$(member "$n")/24" dev cluster
    "${SPACE_OF[@]}" ip address add "$(face "$n")/24" dev callers
    "${SPACE_OF[@]}" ip link set cluster up
    "${SPACE_OF[@]}" ip link set callers up
  done
}

# What goes before a command of node $1.
SPACE_OF=()
within() {
  SPACE_OF=()
  ! $OWN_NET || SPACE_OF=(nsenter --net="/proc/${SPACE[$1]}/ns/net")
}

# The network between nodes 1, 2 and nodes 3, 4.
cut_network() {
  ip link add other type bridge
  ip link set other up
  ip link set cluster3 master other
  ip link set cluster4 master other
}

mend_network() {
  ip link set cluster3 master cluster
  ip link set cluster4 master cluster
}

# Bytes that crossed between nodes so far. Asked of ip: the file system of this process still shows the interfaces of the
# network that it came from.
crossed() {
  ip -s -o link | grep 'cluster[0-9]@' | sed 's/.*TX: [a-z_ ]*\\ *\([0-9]*\).*/\1/' \
    | awk '{ sum += $1 } END { printf "%.0f", sum }' || true
}
