/** Signals by their names in the protocol (RFC 4254, 6.10; USR1 and USR2 as in Coder's agent). */
const signals: Readonly<Record<string, NodeJS.Signals>> = {
  ABRT: 'SIGABRT',
  ALRM: 'SIGALRM',
  FPE: 'SIGFPE',
  HUP: 'SIGHUP',
  ILL: 'SIGILL',
  INT: 'SIGINT',
  KILL: 'SIGKILL',
  PIPE: 'SIGPIPE',
  QUIT: 'SIGQUIT',
  SEGV: 'SIGSEGV',
  TERM: 'SIGTERM',
  USR1: 'SIGUSR1',
  USR2: 'SIGUSR2',
}

/** The system's signal for a name of the protocol. Unknown names end the process, as in Coder's agent. */
export function signalOf(name: string): NodeJS.Signals {
  return (Object.hasOwn(signals, name) ? signals[name] : undefined) ?? 'SIGKILL'
}
