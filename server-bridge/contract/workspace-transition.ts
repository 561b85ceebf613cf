import type { z } from 'zod'
import { openEnum } from './shape.ts'

export const workspaceTransitions = ['start', 'stop', 'delete'] as const
export const workspaceTransitionSchema = openEnum(workspaceTransitions)
export type WorkspaceTransition = z.output<typeof workspaceTransitionSchema>
