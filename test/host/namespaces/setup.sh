# A machine with a Wi-Fi and a container network, a phone and a device on the Wi-Fi, and a container: each in a network
# namespace of its own, none of them joined to anything outside. Prints what came of the questions in PHONE and MACHINE.
set -eu
mount -t tmpfs none /run
ip link set lo up
for other in phone container; do
  ip netns add $other
  ip -n $other link set lo up
done
ip link add wlan0 type veth peer name eth0 netns phone
ip link add docker0 type veth peer name eth0 netns container
ip addr add 192.168.77.1/24 dev wlan0
ip addr add fd77::1/64 dev wlan0 nodad
ip addr add 172.17.0.1/16 dev docker0
for link in wlan0 docker0; do ip link set $link up; done
# The device shares the phone's namespace: a switch between them would make no difference to the machine.
for address in 192.168.77.20/24 192.168.77.50/24; do ip -n phone addr add $address dev eth0; done
for address in fd77::20/64 fd77::50/64; do ip -n phone addr add $address dev eth0 nodad; done
ip -n phone link set eth0 up
ip -n container addr add 172.17.0.2/16 dev eth0
ip -n container link set eth0 up
# The phone knows the way to the address of another network of the machine, which the machine answers on any interface.
ip -n phone route add 172.17.0.1/32 via 192.168.77.1
"$NODE" --import=tsx "$ROLES" device 0.0.0.0 9002 &
ip netns exec phone "$NODE" --import=tsx "$ROLES" device :: 8080 &
ip netns exec container "$NODE" --import=tsx "$ROLES" device 172.17.0.2 8080 &
"$NODE" --import=tsx "$ROLES" host 4000 &
ip netns exec phone "$NODE" --import=tsx "$ROLES" ask "$PHONE"
"$NODE" --import=tsx "$ROLES" ask "$MACHINE"
# With this shell, the first of its process namespace, the servers end.
