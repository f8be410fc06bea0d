#!/usr/bin/env bash
# Holds the tutorials against the program: every Swift block stands, as it is, in a file of the examples, which are compiled; every command
# of a block "sh" is run.
#
# usage: BENCH=path/to/bench tutorials.sh
set -Eeuo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bench=$(realpath "${BENCH:?BENCH must name the tool}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$bench" "$scratch/bin/bench"
PATH=$scratch/bin:$PATH

# block LANGUAGE FILE: the blocks of a language, each ended by a record separator.
blocks() {
  awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { if (inside) printf "\036"; inside = 0; next } inside' "$2"
}

for tutorial in "$root"/Docs/Tutorials/*.md; do
  name=$(basename "$tutorial")
  count=0
  while IFS= read -r -d $'\036' block; do
    count=$((count + 1))
    found=
    for source in "$root"/Docs/Examples/Sources/*/*.swift; do
      # The trailing newline of a block is not part of it.
      if [[ $(<"$source") == *"${block%$'\n'}"* ]]; then found=$source; fi
    done
    [[ -n $found ]] || { printf 'tutorials: block %s of %s stands in no example:\n%s\n' "$count" "$name" "$block" >&2; exit 1; }
  done < <(blocks swift "$tutorial")
  folder=$scratch/$name
  mkdir "$folder"
  commands=0
  while IFS= read -r -d $'\036' block; do
    commands=$((commands + 1))
    (cd "$folder" && bash -e -o pipefail -c "$block" >"$scratch/output" 2>"$scratch/errors") ||
      { printf 'tutorials: block %s of %s failed:\n%s\n%s\n' "$commands" "$name" "$block" "$(tail -n 3 "$scratch/errors")" >&2; exit 1; }
  done < <(blocks sh "$tutorial")
  echo "$name: $count blocks of code stand in examples, $commands blocks of commands were run"
done
