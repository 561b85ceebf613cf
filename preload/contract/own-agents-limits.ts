/** Bounds of what people write for their agents, without the schemas: the renderer counts with them. */

export const instructionsMaxBytes = 128 * 1024
export const skillMaxBytes = 64 * 1024
