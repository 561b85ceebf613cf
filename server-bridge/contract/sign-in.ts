/** The ways to prove who one is, beside the plain sign-in of `users.ts`. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, failedRule, flag, map, requiredText, text, uuid } from './shape.ts'
import { loginTypeSchema, loginTypes } from './users.ts'

const email = requiredText.pipe(z.email({ error: failedRule('email') }))

export const validateUserPasswordRequestSchema = z.object({ password: requiredText })
export const validateUserPasswordResponseSchema = answer({ valid: flag, details: text })
export type ValidateUserPasswordResponse = z.output<typeof validateUserPasswordResponseSchema>

export const requestOneTimePasscodeRequestSchema = z.object({ email })
export const changePasswordWithOneTimePasscodeRequestSchema = z.object({
  email,
  password: requiredText,
  one_time_passcode: requiredText,
})

export const userLoginTypeSchema = answer({ login_type: loginTypeSchema.default('') })
export type UserLoginType = z.output<typeof userLoginTypeSchema>

export const convertLoginRequestSchema = z.object({
  to_type: z
    .enum(loginTypes, { error: failedRule('oneof') })
    .refine((type) => type !== '', { error: failedRule('required') }),
  password: requiredText,
})

export const oauthConversionResponseSchema = answer({
  state_string: text,
  expires_at: datetime,
  to_type: loginTypeSchema,
  user_id: uuid,
})
export type OAuthConversionResponse = z.output<typeof oauthConversionResponseSchema>

export const oidcClaimsResponseSchema = answer({ claims: map(z.unknown()) })
export type OIDCClaimsResponse = z.output<typeof oidcClaimsResponseSchema>

const open = { auth: 'none', rate: 'login' } as const

export const signInRoutes = {
  validatePassword: defineRoute({
    ...open,
    method: 'POST',
    path: '/api/v2/users/validate-password',
    body: validateUserPasswordRequestSchema,
    status: 200,
    answer: validateUserPasswordResponseSchema,
    errors: [400, 429],
  }),
  /** The same for every email, known or not. */
  requestPasscode: defineRoute({
    ...open,
    method: 'POST',
    path: '/api/v2/users/otp/request',
    body: requestOneTimePasscodeRequestSchema,
    status: 204,
    errors: [400, 429],
  }),
  changePasswordWithPasscode: defineRoute({
    ...open,
    method: 'POST',
    path: '/api/v2/users/otp/change-password',
    body: changePasswordWithOneTimePasscodeRequestSchema,
    status: 204,
    errors: [400, 429],
  }),
  oidcClaims: defineRoute({
    method: 'GET',
    path: '/api/v2/users/oidc-claims',
    auth: 'user',
    status: 200,
    answer: oidcClaimsResponseSchema,
    errors: [400, 401, 403],
  }),
  /** One's own only. */
  loginType: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/login-type',
    auth: 'user',
    status: 200,
    answer: userLoginTypeSchema,
    errors: [401, 403, 404],
  }),
  convertLogin: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/convert-login',
    auth: 'user',
    rate: 'login',
    body: convertLoginRequestSchema,
    status: 201,
    answer: oauthConversionResponseSchema,
    errors: [400, 401, 403, 404],
  }),
} as const
