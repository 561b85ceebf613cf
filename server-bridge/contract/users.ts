import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  datetime,
  failedRule,
  flag,
  list,
  openEnum,
  optionalTime,
  requiredText,
  text,
  uuid,
} from './shape.ts'

export const userStatuses = ['active', 'dormant', 'suspended'] as const
export const userStatusSchema = openEnum(userStatuses)
export type UserStatus = z.output<typeof userStatusSchema>

export const loginTypes = ['', 'password', 'github', 'oidc', 'token', 'none'] as const
export const loginTypeSchema = openEnum(loginTypes)
export type LoginType = z.output<typeof loginTypeSchema>

export const slimRoleSchema = answer({
  name: z.string(),
  display_name: text,
  organization_id: z.string().optional(),
})
export type SlimRole = z.output<typeof slimRoleSchema>

export const minimalUserSchema = answer({
  id: uuid,
  username: z.string(),
  name: z.string().optional(),
  avatar_url: z.string().optional(),
})
export type MinimalUser = z.output<typeof minimalUserSchema>

export const userSchema = answer({
  ...minimalUserSchema.shape,
  email: text,
  created_at: datetime,
  updated_at: optionalTime,
  last_seen_at: datetime.optional(),
  status: userStatusSchema,
  login_type: loginTypeSchema.default(''),
  is_service_account: z.boolean().optional(),
  theme_preference: z.string().optional(),
  organization_ids: list(uuid),
  roles: list(slimRoleSchema),
  has_ai_seat: flag,
})
export type User = z.output<typeof userSchema>

const trialText = z.string().default('')
export const createFirstUserTrialInfoSchema = z.object({
  first_name: trialText,
  last_name: trialText,
  phone_number: trialText,
  job_title: trialText,
  company_name: trialText,
  country: trialText,
  developers: trialText,
})
export type CreateFirstUserTrialInfo = z.output<typeof createFirstUserTrialInfoSchema>

export const createFirstUserOnboardingInfoSchema = z.object({
  newsletter_marketing: z.boolean().default(false),
  newsletter_releases: z.boolean().default(false),
})

const email = requiredText.pipe(z.email({ error: failedRule('email') }))

export const createFirstUserRequestSchema = z.object({
  email,
  username: nameSchema(nameRules.username),
  name: nameSchema(nameRules.userRealName).default(''),
  password: requiredText,
  trial: z.boolean().default(false),
  trial_info: createFirstUserTrialInfoSchema.optional(),
  onboarding_info: createFirstUserOnboardingInfoSchema.nullish(),
})
export type CreateFirstUserRequest = z.output<typeof createFirstUserRequestSchema>

export const createFirstUserResponseSchema = answer({ user_id: uuid, organization_id: uuid })
export type CreateFirstUserResponse = z.output<typeof createFirstUserResponseSchema>

export const loginWithPasswordRequestSchema = z.object({ email, password: requiredText })
export type LoginWithPasswordRequest = z.output<typeof loginWithPasswordRequestSchema>

export const loginWithPasswordResponseSchema = answer({ session_token: z.string().min(1) })
export type LoginWithPasswordResponse = z.output<typeof loginWithPasswordResponseSchema>

const authMethod = { enabled: flag }
export const authMethodSchema = answer(authMethod)
export type AuthMethod = z.output<typeof authMethodSchema>
export const githubAuthMethodSchema = answer({ ...authMethod, default_provider_configured: flag })
export type GithubAuthMethod = z.output<typeof githubAuthMethodSchema>
export const oidcAuthMethodSchema = answer({ ...authMethod, signInText: text, iconUrl: text })
export type OIDCAuthMethod = z.output<typeof oidcAuthMethodSchema>

export const authMethodsSchema = answer({
  terms_of_service_url: z.string().optional(),
  password: authMethodSchema,
  github: githubAuthMethodSchema,
  oidc: oidcAuthMethodSchema,
})
export type AuthMethods = z.output<typeof authMethodsSchema>

export const usersRoutes = {
  /** 200 when a user exists, 404 when none does. */
  getFirst: defineRoute({
    method: 'GET',
    path: '/api/v2/users/first',
    auth: 'none',
    status: 200,
    answer: responseSchema,
    errors: [404],
  }),
  createFirst: defineRoute({
    method: 'POST',
    path: '/api/v2/users/first',
    auth: 'none',
    rate: 'login',
    body: createFirstUserRequestSchema,
    status: 201,
    answer: createFirstUserResponseSchema,
    errors: [400, 409],
  }),
  authMethods: defineRoute({
    method: 'GET',
    path: '/api/v2/users/authmethods',
    auth: 'none',
    status: 200,
    answer: authMethodsSchema,
    errors: [],
  }),
  /** Takes the email only, never the username. */
  login: defineRoute({
    method: 'POST',
    path: '/api/v2/users/login',
    auth: 'none',
    rate: 'login',
    body: loginWithPasswordRequestSchema,
    status: 201,
    answer: loginWithPasswordResponseSchema,
    errors: [400, 401, 403, 429],
  }),
  logout: defineRoute({
    method: 'POST',
    path: '/api/v2/users/logout',
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [401],
  }),
  /** `user` is a uuid, a username or `me`. */
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}',
    auth: 'user',
    status: 200,
    answer: userSchema,
    errors: [400, 401, 404],
  }),
} as const
