/** What a terminal profile may be, for main's schema and for the form in the window, which has no schemas. */
export const terminalProfileLimits = { name: 40, command: 2048, profiles: 20 } as const

/** One line without control characters. */
export const terminalCommandPattern = /^[^\p{Cc}]*$/u
