import { create } from 'zustand'

/** The tab whose name is being asked for: from its own keys and menu, and from the palette. */
export const useRenaming = create<{ readonly groupId: string | undefined }>(() => ({ groupId: undefined }))
