/** The virtual desktop of a chat's workspace (agents-api 8.4). */
import { z } from 'zod'
import { defineRoute } from './route.ts'

export const chatDesktopRoutes = {
  /**
   * Its screen: raw bytes of the RFB protocol (RFC 6143) in binary frames, both ways. 400 where there is nothing to see, with
   * the reason in words; 403 for anybody but the owner, and while the experiment is off.
   */
  connect: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/{chat}/stream/desktop',
    auth: 'user',
    // Whoever sees it can do what its owner could do there.
    permission: { resource: 'chat', actions: ['update'] },
    query: z.object({}),
    status: 101,
    errors: [400, 401, 403, 404, 426],
    stream: 'binary',
  }),
} as const

/** Of deployments from before the experiment, which have a switch instead. Only administrators are told of it. */
export const olderChatDesktopRoutes = {
  desktopEnabled: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/config/desktop-enabled',
    auth: 'user',
    status: 200,
    // Its one field is a switch.
    answer: z.record(z.string(), z.unknown()),
    errors: [401, 403, 404],
  }),
  /** Only those deployments have it, and everybody there may ask: what it says matters to nobody here. */
  pullRequestInsights: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/insights/pull-requests',
    auth: 'user',
    status: 200,
    answer: z.unknown(),
    errors: [401, 403, 404],
  }),
} as const
