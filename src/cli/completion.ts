import { UsageError } from "../errors.ts";
import { didYouMean } from "../inventory/nearest.ts";

export const shells = ["bash", "zsh", "fish"] as const;

/** A completion script. It knows nothing itself: `scrap complete` is asked, which knows the commands and the inventory. */
export function completion(word: string): string {
  const shell = shells.find((name) => name === word);
  if (shell) return scripts[shell];
  throw new UsageError(`There is no completion for "${word}"${didYouMean(word, shells)}`, {
    hint: `Shells are: ${shells.join(", ")}.`,
  });
}

const scripts: { readonly [Shell in (typeof shells)[number]]: string } = {
  // bash takes a word apart at : and =, which we do not: what was typed before the last of them is not to come again.
  bash: `_scrap() {
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT} words current found
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=\${words[\${#words[@]}-1]}
  IFS=$'\\n'
  found=($(scrap complete -- "\${words[@]:1}" 2>/dev/null))
  if [[ \${found[0]} == :files ]]; then COMPREPLY=($(compgen -f -- "\${current##*=}")); return; fi
  local done=\${current%"\${current##*[:=]}"}
  COMPREPLY=("\${found[@]#"$done"}")
}
complete -F _scrap scrap`,
  zsh: `#compdef scrap
_scrap() {
  local -a found
  found=("\${(@f)$(scrap complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == :files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    _files
  elif [[ -n $found[1] ]]; then
    compadd -a found
  fi
}
if [[ $funcstack[1] == _scrap ]]; then
  _scrap "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _scrap scrap
fi`,
  fish: `function __scrap_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (scrap complete --described -- $words[2..-1] "$current" 2>/dev/null)
    if test "$found[1]" = ":files"
        __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
    else if test (count $found) -gt 0
        printf '%s\\n' $found
    end
end
complete -c scrap -f -a '(__scrap_complete)'`,
};
