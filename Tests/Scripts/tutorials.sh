#!/usr/bin/env bash
# Holds the documents against the program. Every Swift block of the tutorials, of README and of the list of algorithms stands, as it is, in a file of
# the examples, which are compiled. Every command of a tutorial's block "sh" is run, and a block "python" is at hand for it as a file. Every line of README
# that calls the tool is run too.
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

# compiled FILE: counts its Swift blocks, and fails if one stands in no example.
compiled() {
  local block source found
  count=0
  while IFS= read -r -d $'\036' block; do
    count=$((count + 1))
    found=
    for source in "$root"/Docs/Examples/Sources/*/*.swift; do
      # The trailing newline of a block is not part of it.
      if [[ $(<"$source") == *"${block%$'\n'}"* ]]; then found=$source; fi
    done
    [[ -n $found ]] || { printf 'tutorials: block %s of %s stands in no example:\n%s\n' "$count" "$1" "$block" >&2; exit 1; }
  done < <(blocks swift "$1")
}

for document in README.md Docs/Algorithms.md; do
  compiled "$root/$document"
  [[ $count -gt 0 ]] || { echo "tutorials: $document shows no Swift" >&2; exit 1; }
  echo "$document: $count blocks of code stand in examples"
done

# The tool as README calls it, in one folder, in its order.
mkdir "$scratch/readme"
commands=0
while IFS= read -r line; do
  commands=$((commands + 1))
  (cd "$scratch/readme" && bash -e -c "${line#.build/release/}" >"$scratch/output" 2>"$scratch/errors" </dev/null) ||
    { printf 'tutorials: README.md, %s\n%s\n' "$line" "$(tail -n 3 "$scratch/errors")" >&2; exit 1; }
done < <(blocks sh "$root/README.md" | tr -d '\036' | grep '^\.build/release/bench ' | grep -v -e ' doctor' -e ' verify')
[[ $commands -ge 9 ]] || { echo "tutorials: README.md shows $commands commands" >&2; exit 1; }
echo "README.md: $commands commands were run"

for tutorial in "$root"/Docs/Tutorials/*.md; do
  name=$(basename "$tutorial")
  compiled "$tutorial"
  folder=$scratch/$name
  mkdir "$folder"
  # A program in Python is at hand under the name of its tutorial.
  blocks python "$tutorial" | tr -d '\036' >"$folder/$(basename "${name,,}" .md).py"
  commands=0
  while IFS= read -r -d $'\036' block; do
    commands=$((commands + 1))
    (cd "$folder" && bash -e -o pipefail -c "$block" >"$scratch/output" 2>"$scratch/errors") ||
      { printf 'tutorials: block %s of %s failed:\n%s\n%s\n' "$commands" "$name" "$block" "$(tail -n 3 "$scratch/errors")" >&2; exit 1; }
  done < <(blocks sh "$tutorial")
  echo "$name: $count blocks of code stand in examples, $commands blocks of commands were run"
done
