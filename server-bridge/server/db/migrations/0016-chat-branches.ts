/** Where the branch of a chat's work is shown, and which branch it left, as its repository knew at its last scan. */
export const chatBranches = `
ALTER TABLE chat_diff_statuses ADD COLUMN base_branch TEXT NOT NULL DEFAULT '';
ALTER TABLE chat_diff_statuses ADD COLUMN url TEXT NOT NULL DEFAULT '';
`
