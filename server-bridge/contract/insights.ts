/** Who uses what, and when. Queries are strict, and periods begin and end at midnight of a time zone. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, list, map, openEnum, text, uuid } from './shape.ts'
import { templateVersionParameterOptionSchema } from './template-versions.ts'
import { dausResponseSchema } from './templates.ts'

const period = { start_time: datetime, end_time: datetime, template_ids: list(uuid) }
const person = { template_ids: list(uuid), user_id: uuid, username: text, avatar_url: text }

export const userActivitySchema = answer({ ...person, seconds: count })
export const userActivityInsightsReportSchema = answer({ ...period, users: list(userActivitySchema) })
export const userActivityInsightsResponseSchema = answer({ report: userActivityInsightsReportSchema })

export const connectionLatencySchema = answer({ p50: z.number(), p95: z.number() })
export const userLatencySchema = answer({ ...person, latency_ms: connectionLatencySchema })
export const userLatencyInsightsReportSchema = answer({ ...period, users: list(userLatencySchema) })
export const userLatencyInsightsResponseSchema = answer({ report: userLatencyInsightsReportSchema })

export const templateAppUsageSchema = answer({
  template_ids: list(uuid),
  type: openEnum(['builtin', 'app']),
  display_name: text,
  slug: text,
  icon: text,
  seconds: count,
  times_used: count,
})
export const templateParameterValueSchema = answer({ value: text, count })
export const templateParameterUsageSchema = answer({
  template_ids: list(uuid),
  display_name: text,
  name: text,
  type: text,
  description: text,
  options: list(templateVersionParameterOptionSchema).optional(),
  values: list(templateParameterValueSchema),
})
export type TemplateParameterUsage = z.output<typeof templateParameterUsageSchema>
export const insightsIntervals = ['day', 'week'] as const
export const templateInsightsReportSchema = answer({
  ...period,
  active_users: count,
  apps_usage: list(templateAppUsageSchema),
  parameters_usage: list(templateParameterUsageSchema),
})
export const templateInsightsIntervalReportSchema = answer({
  ...period,
  interval: openEnum(insightsIntervals),
  active_users: count,
})
export const templateInsightsResponseSchema = answer({
  report: templateInsightsReportSchema.optional(),
  interval_reports: list(templateInsightsIntervalReportSchema).optional(),
})

export const userStatusChangeCountSchema = answer({ date: datetime, count })
export const getUserStatusCountsResponseSchema = answer({
  status_counts: map(list(userStatusChangeCountSchema)),
})

const uuids = z
  .string()
  .refine((value) => value.split(',').every((id) => uuid.safeParse(id).success), 'must be uuids')
  .transform((value) => value.split(','))
const periodQuery = { start_time: datetime, end_time: datetime, template_ids: uuids.optional() }
const hourOffset = z
  .string()
  .regex(/^-?\d{1,2}$/, 'must be a number of hours')
  .transform(Number)
  .refine((hours) => hours >= -12 && hours <= 14, 'must be between -12 and 14')
const sections = z
  .string()
  .refine(
    (value) => value.split(',').every((word) => word === 'interval_reports' || word === 'report'),
    'must be interval_reports or report',
  )
  .transform((value) => value.split(','))

const route = { method: 'GET', auth: 'user', status: 200, errors: [400, 401, 403] } as const
export const insightsRoutes = {
  daus: defineRoute({
    ...route,
    path: '/api/v2/insights/daus',
    query: z.strictObject({ tz_offset: hourOffset.optional() }),
    answer: dausResponseSchema,
  }),
  userActivity: defineRoute({
    ...route,
    path: '/api/v2/insights/user-activity',
    query: z.strictObject(periodQuery),
    answer: userActivityInsightsResponseSchema,
  }),
  userLatency: defineRoute({
    ...route,
    path: '/api/v2/insights/user-latency',
    query: z.strictObject(periodQuery),
    answer: userLatencyInsightsResponseSchema,
  }),
  templates: defineRoute({
    ...route,
    path: '/api/v2/insights/templates',
    query: z.strictObject({
      ...periodQuery,
      interval: z.enum(insightsIntervals).optional(),
      sections: sections.optional(),
    }),
    answer: templateInsightsResponseSchema,
  }),
  userStatusCounts: defineRoute({
    ...route,
    path: '/api/v2/insights/user-status-counts',
    query: z.strictObject({ timezone: z.string().optional(), tz_offset: hourOffset.optional() }),
    answer: getUserStatusCountsResponseSchema,
  }),
} as const
