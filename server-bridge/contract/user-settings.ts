import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, failedRule, flag, openEnum, requiredText, text } from './shape.ts'

export const themeModes = ['', 'sync', 'single'] as const
export const terminalFonts = [
  '',
  'geist-mono',
  'ibm-plex-mono',
  'fira-code',
  'source-code-pro',
  'jetbrains-mono',
] as const
export const themeNames = [
  'light',
  'light-protan-deuter',
  'light-tritan',
  'dark',
  'dark-protan-deuter',
  'dark-tritan',
] as const
export const thinkingDisplayModes = ['auto', 'preview', 'always_expanded', 'always_collapsed'] as const
export const agentDisplayModes = ['auto', 'always_expanded', 'always_collapsed'] as const
export const sendShortcuts = ['enter', 'modifier_enter'] as const

export const userAppearanceSettingsSchema = answer({
  theme_preference: text,
  theme_mode: openEnum(themeModes).default(''),
  theme_light: text,
  theme_dark: text,
  terminal_font: openEnum(terminalFonts).default(''),
})
export type UserAppearanceSettings = z.output<typeof userAppearanceSettingsSchema>

const themeName = z.union([z.literal(''), z.enum(themeNames)], { error: failedRule('oneof') }).default('')

export const updateUserAppearanceSettingsRequestSchema = z
  .object({
    theme_preference: requiredText,
    theme_mode: z.enum(themeModes, { error: failedRule('oneof') }).default(''),
    theme_light: themeName,
    theme_dark: themeName,
    terminal_font: z.enum(terminalFonts, { error: failedRule('oneof') }),
  })
  .superRefine((request, context) => {
    const fail = (field: string, rule: string): void =>
      context.addIssue({ code: 'custom', path: [field], message: failedRule(rule)({ input: '' }) })
    if (request.terminal_font === '') fail('terminal_font', 'required')
    if (request.theme_mode !== 'sync') return
    if (request.theme_light === '') fail('theme_light', 'required_if')
    if (request.theme_dark === '') fail('theme_dark', 'required_if')
  })

export const userPreferenceSettingsSchema = answer({
  task_notification_alert_dismissed: flag,
  thinking_display_mode: openEnum(thinkingDisplayModes).default('auto'),
  shell_tool_display_mode: openEnum(agentDisplayModes).default('auto'),
  code_diff_display_mode: openEnum(agentDisplayModes).default('auto'),
  agent_chat_send_shortcut: openEnum(sendShortcuts).default('enter'),
})
export type UserPreferenceSettings = z.output<typeof userPreferenceSettingsSchema>

/** The same of any deployment: what an older one does not know yet is absent, so that nobody is offered it there. */
export const toldPreferencesSchema = answer({
  thinking_display_mode: openEnum(thinkingDisplayModes).optional(),
  shell_tool_display_mode: openEnum(agentDisplayModes).optional(),
  code_diff_display_mode: openEnum(agentDisplayModes).optional(),
  agent_chat_send_shortcut: openEnum(sendShortcuts).optional(),
})
export type ToldPreferences = z.output<typeof toldPreferencesSchema>

const mode = z.enum(agentDisplayModes, { error: failedRule('oneof') }).optional()

/** What is absent stays as it is. */
export const updateUserPreferenceSettingsRequestSchema = z.object({
  task_notification_alert_dismissed: z.boolean().optional(),
  thinking_display_mode: z.enum(thinkingDisplayModes, { error: failedRule('oneof') }).optional(),
  shell_tool_display_mode: mode,
  code_diff_display_mode: mode,
  agent_chat_send_shortcut: z.enum(sendShortcuts, { error: failedRule('oneof') }).optional(),
})
export type UpdateUserPreferenceSettingsRequest = z.output<typeof updateUserPreferenceSettingsRequestSchema>

const of = { auth: 'user', status: 200, errors: [400, 401, 403, 404] } as const

export const userSettingsRoutes = {
  appearance: defineRoute({
    ...of,
    method: 'GET',
    path: '/api/v2/users/{user}/appearance',
    answer: userAppearanceSettingsSchema,
    errors: [401, 403, 404],
  }),
  updateAppearance: defineRoute({
    ...of,
    method: 'PUT',
    path: '/api/v2/users/{user}/appearance',
    body: updateUserAppearanceSettingsRequestSchema,
    answer: userAppearanceSettingsSchema,
  }),
  preferences: defineRoute({
    ...of,
    method: 'GET',
    path: '/api/v2/users/{user}/preferences',
    answer: userPreferenceSettingsSchema,
    errors: [401, 403, 404],
  }),
  updatePreferences: defineRoute({
    ...of,
    method: 'PUT',
    path: '/api/v2/users/{user}/preferences',
    body: updateUserPreferenceSettingsRequestSchema,
    answer: userPreferenceSettingsSchema,
  }),
} as const

/** `preferences`, read by who has to know which of them the deployment has. */
export const ownPreferencesRoute = defineRoute({
  ...userSettingsRoutes.preferences,
  answer: toldPreferencesSchema,
})
