#!/usr/bin/env bash
# The scripts for fish and zsh load and complete in the shells themselves, where those are installed.
. "$(dirname "$0")/lib.sh"
mkdir bin; ln -s "$(realpath "$HEADGATE")" bin/headgate; export PATH=$PWD/bin:$PATH HOME=$PWD
touch my.gate.yaml notes.txt; mkdir folder
tried=0
if command -v fish >/dev/null; then
  tried=1
  expect 0 completion fish; cp out script.fish
  fish --no-execute script.fish || fail "fish does not read its script"
  ask() { fish --no-config -c "source script.fish; complete -C '$1'" | cut -f1 | sort > got 2>/dev/null; }
  ask 'headgate ru'; has got run
  ask 'headgate graders nu'; [ "$(cat got)" = number ] || fail "fish: graders nu"
  ask 'headgate plan --color=a'; has got --color=always
  ask 'headgate suite '; has got release
  ask 'headgate plan '; has got my.gate.yaml; has got folder/; lacks got notes.txt
  ask 'headgate completion '; [ "$(tr '\n' ' ' < got)" = 'bash fish zsh ' ] || fail "fish: shells"
fi
if command -v zsh >/dev/null; then
  tried=1
  expect 0 completion zsh; cp out _headgate
  zsh -f -n _headgate || fail "zsh does not read its script"
  # A real line editor on a pseudo terminal: what a tab leaves on the line.
  cat > ask.zsh <<'ZSH'
zmodload zsh/zpty
zpty editor zsh -f -i
zpty -w editor "PS1='> '; unsetopt beep; bindkey -e; fpath=($PWD \$fpath); autoload -U compinit; compinit -u -D; echo rea''dy"
zpty -r editor seen '*ready*'
zpty -w -n editor "$1"$'\t'
zpty -r editor seen "*$2*"
print -r -- "$seen"
zpty -d editor
ZSH
  ask() { timeout 20 zsh -f ask.zsh "$1" "$2" > got || fail "zsh: '$1' does not become '$2'"; has got "$2"; }
  ask 'headgate versi' 'headgate version'
  ask 'headgate graders numb' 'graders number'
  ask 'headgate plan my' 'plan my.gate.yaml'
fi
[ "$tried" = 1 ] || exit 77
