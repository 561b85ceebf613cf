/** The user's settings. One versioned file; a corrupt one is set aside and said so. */
import { z } from 'zod'
import { defineProcedure } from './procedure.ts'
import { terminalCommandPattern, terminalProfileLimits } from './terminal-profile-limits.ts'

/** A way to start a terminal: what runs in place of the login shell. */
export const terminalProfileSchema = z.strictObject({
  name: z.string().trim().min(1).max(terminalProfileLimits.name),
  /** For the workspace's shell, as one line. */
  command: z.string().trim().min(1).max(terminalProfileLimits.command).regex(terminalCommandPattern),
})
export type TerminalProfile = z.infer<typeof terminalProfileSchema>

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']),
  /** Closing the window leaves the app in the tray. */
  closeToTray: z.boolean(),
  launchAtLogin: z.boolean(),
  /** Linux: let the desktop draw the frame. Takes effect with the next window. */
  nativeFrame: z.boolean(),
  agents: z.object({
    /** A chat that needs its user, or is done, tells it by the system's notifications while nobody looks. */
    notify: z.boolean(),
    /** A turn that ends is heard. */
    sound: z.boolean(),
  }),
  terminal: z.object({
    fontSize: z.int().min(8).max(32),
    scrollback: z.int().min(100).max(100_000),
    /** `auto` takes WebGL where it is real hardware. */
    renderer: z.enum(['auto', 'webgl', 'dom']),
    warnOnMultilinePaste: z.boolean(),
    cursorBlink: z.boolean(),
    cursorStyle: z.enum(['block', 'bar', 'underline']),
    /** Times the font size. */
    lineHeight: z.number().min(1).max(2),
    /** Font families as CSS takes them, before the app's own; empty: only that. */
    fontFamily: z
      .string()
      .max(200)
      .regex(/^[\w\s,"'.-]*$/),
    copyOnSelect: z.boolean(),
    rightClick: z.enum(['menu', 'paste']),
    /** `attention` also has the dock or the task bar point at the window. */
    bell: z.enum(['off', 'visual', 'attention']),
    /** A command that took at least so many seconds tells its end while nobody looks; 0: never. */
    notifyAfterSeconds: z.int().min(0).max(3600),
    /** Draws `=>` and the like as one sign, where the font has one. */
    ligatures: z.boolean(),
    /** Names are different ones. */
    profiles: z
      .array(terminalProfileSchema)
      .max(terminalProfileLimits.profiles)
      .refine((profiles) => new Set(profiles.map(({ name }) => name)).size === profiles.length),
  }),
})
export type Settings = z.infer<typeof settingsSchema>

/** Anything about stored files the user should know, e.g. a corrupt one that was set aside. Shown until dismissed. */
export const storageNoticeSchema = z.object({
  id: z.string(),
  /** A sentence: what happened, and where the old file lies now. */
  message: z.string(),
})

const settingsPatchSchema = z.strictObject({
  theme: settingsSchema.shape.theme.optional(),
  closeToTray: z.boolean().optional(),
  launchAtLogin: z.boolean().optional(),
  nativeFrame: z.boolean().optional(),
  agents: z.strictObject(settingsSchema.shape.agents.partial().shape).optional(),
  terminal: z.strictObject(settingsSchema.shape.terminal.partial().shape).optional(),
})
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export const settings = {
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({ settings: settingsSchema, notices: z.array(storageNoticeSchema) }),
    errors: [],
  }),
  update: defineProcedure({
    kind: 'mutation',
    input: settingsPatchSchema,
    output: settingsSchema,
    /** The file could not be written; the change holds until the app ends. */
    errors: ['not_saved'],
  }),
  dismissNotice: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ id: z.string().max(100) }),
    output: z.null(),
    errors: [],
  }),
} as const
