# What scripts that kill runs share, to be read by them: the tool as $bench, a scratch folder, failures, and seeded numbers.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bench=${BENCH:-$repository/.build/release/bench}
if [[ ! -x $bench ]]; then
  echo "$(basename "$0" .sh): there is no $bench; build it with 'swift build -c release', or name another one in BENCH" >&2
  exit 2
fi

scratch=$(mktemp -d)
child=

failures=0
fail() {
  echo "  FAILED: $1" >&2
  failures=$((failures + 1))
}

# Numbers below $1 from a fixed sequence (Park and Miller 1988), left in $drawn.
state=20
draw() {
  state=$((state * 16807 % 2147483647))
  drawn=$((state % $1))
}
