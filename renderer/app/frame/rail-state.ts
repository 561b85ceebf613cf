import { booleanOnly, createKept } from '../../lib/kept-state.ts'

/** Whether the rail shows icons alone, as the person left it. */
export const railCollapsed = createKept('rail.collapsed', false, booleanOnly)
