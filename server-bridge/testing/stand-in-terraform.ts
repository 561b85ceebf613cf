import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A program that speaks like Terraform: the machine-readable lines of `plan` and `apply`, the JSON of `show`, the
 * picture of `graph`, a state file, and an end by SIGINT. What it plans is what a test wrote down. It notes what it was
 * called with.
 */
export interface StandInTerraform {
  /** For `PATH`, before the system's own. */
  readonly folder: string
  /** `init`, `plan`, `show`, … in the order they were called, with their arguments. */
  calls(): string[]
  /** The variables of the last call of a command. */
  environment(command: string): Record<string, string>
  /** Whether `apply` has begun and waits to be interrupted. */
  isHeld(): boolean
}

export interface StandInScenario {
  /** What `show -json` prints of a plan, by `CODER_WORKSPACE_TRANSITION`. */
  readonly plans: Readonly<Record<string, unknown>>
  /** What `show -json` prints of the state. */
  readonly states?: Readonly<Record<string, unknown>>
  readonly graph?: string
  readonly version?: string
  /** What `init`, `plan` or `apply` fail with. */
  readonly failure?: { readonly command: string; readonly lines: readonly string[]; readonly stderr?: string }
  /** `apply` waits until it is interrupted; then it writes its state and fails, as the real one does. */
  readonly holdApply?: boolean
}

const script = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$*" >>"$here/calls"
env >"$here/env.$1"
say() { printf '{"@level":"%s","@message":"%s","@module":"terraform.ui","type":"log"}\\n' "$1" "$2"; }
fail() {
  if [ -f "$here/fail.$1" ]; then
    cat "$here/fail.$1"
    cat "$here/complaint.$1" >&2
    exit 1
  fi
}
transition=\${CODER_WORKSPACE_TRANSITION:-start}
case "$1" in
  version) printf '{"terraform_version":"%s"}\\n' "$(cat "$here/version")" ;;
  init)
    fail init
    echo "Initializing provider plugins..."
    mkdir -p .terraform
    ;;
  plan)
    fail plan
    printf '%s' "$transition" >outpost.tfplan
    say info "Plan: 1 to add, 0 to change, 0 to destroy."
    ;;
  show)
    if [ "$4" = outpost.tfplan ]; then cat "$here/plan.$(cat outpost.tfplan).json"; else cat "$here/state.$transition.json"; fi
    ;;
  graph) cat "$here/graph" ;;
  apply | destroy)
    if [ -f terraform.tfstate ]; then before=$(cat terraform.tfstate); else before=none; fi
    write() { printf '{"serial":"%s after %s"}' "$1" "$(printf %s "$before" | tr -d '{}":')" >terraform.tfstate; }
    if [ -f "$here/hold" ]; then
      trap 'write interrupted; say error "operation canceled"; exit 1' INT
      say info "docker_container.workspace: Creating..."
      : >"$here/held"
      while :; do sleep 0.05; done
    fi
    if [ -f "$here/fail.$1" ]; then write half; fi
    fail "$1"
    say info "docker_container.workspace: Creation complete"
    write "$1-$transition"
    ;;
  *) exit 2 ;;
esac
`

/** Puts the program into a folder. */
export function createStandInTerraform(folder: string, scenario: StandInScenario): StandInTerraform {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string, mode = 0o644): void =>
    writeFileSync(join(folder, name), text, { mode })
  write('terraform', script, 0o755)
  write('version', scenario.version ?? '1.11.4')
  write('graph', scenario.graph ?? 'digraph G {\n}\n')
  for (const [transition, plan] of Object.entries(scenario.plans)) {
    write(`plan.${transition}.json`, JSON.stringify(plan))
  }
  for (const [transition, state] of Object.entries(scenario.states ?? {})) {
    write(`state.${transition}.json`, JSON.stringify(state))
  }
  if (scenario.holdApply === true) write('hold', '')
  if (scenario.failure) {
    const { command, lines, stderr = '' } = scenario.failure
    write(`fail.${command}`, lines.map((line) => `${line}\n`).join(''))
    write(`complaint.${command}`, stderr)
  }
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : ''
  return {
    folder,
    calls: () => read('calls').split('\n').filter(Boolean),
    environment: (command) =>
      Object.fromEntries(
        read(`env.${command}`)
          .split('\n')
          .filter((line) => line.includes('='))
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
    isHeld: () => existsSync(join(folder, 'held')),
  }
}
