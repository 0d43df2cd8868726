#!/usr/bin/env bash
# Says what the rules in FILE let through. It runs in a network namespace of its own, which is the
# machine; two more are somebody outside and a container, whose port 80 the machine publishes as
# 8080, 443 and 8443, by the rewriting that Docker does.
#
# usage: unshare -rn firewall_trial.sh FILE
set -euo pipefail

unshare -n sleep 60 & outside=$!
unshare -n sleep 60 & container=$!
trap 'kill $(jobs -p) 2>/dev/null' EXIT
sleep 0.5

ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth1 netns $outside
ip link add docker0 type bridge
ip link add veth0 type veth peer name eth1
ip link set eth1 netns $container
ip link set veth0 master docker0
ip address add 10.0.0.1/24 dev eth0
ip address add 172.17.0.1/16 dev docker0
for device in eth0 docker0 veth0; do ip link set $device up; done

join() { # NAMESPACE ADDRESS GATEWAY
    nsenter -t "$1" -n ip address add "$2" dev eth1
    nsenter -t "$1" -n ip link set eth1 up
    nsenter -t "$1" -n ip route add default via "$3"
}
join $outside 10.0.0.2/24 10.0.0.1
join $container 172.17.0.2/16 172.17.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<'END'
table ip published {
    chain prerouting {
        type nat hook prerouting priority dstnat
        tcp dport { 8080, 443, 8443 } dnat to 172.17.0.2:80
    }
}
END
nft --file "$1"

listen='import socket, sys
server = socket.create_server(("", int(sys.argv[1])))
while True: server.accept()[0].close()'
connect='import socket, sys
try: socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)
except OSError: sys.exit("closed")
print("open")'
python3 -c "$listen" 22 &
python3 -c "$listen" 9000 &
nsenter -t $container -n python3 -c "$listen" 80 &
nsenter -t $outside -n python3 -c "$listen" 7000 &
sleep 1

try() { # NAME NAMESPACE ADDRESS PORT
    printf '%s to %s:%s %s\n' "$1" "$3" "$4" \
        "$(nsenter -t "$2" -n python3 -c "$connect" "$3" "$4" 2>&1 || :)"
}
for port in 22 9000 8080 443 8443; do try outside $outside 10.0.0.1 $port; done
try outside $outside 172.17.0.2 80
try container $container 10.0.0.2 7000
try machine $$ 10.0.0.2 7000
try machine $$ 127.0.0.1 9000
