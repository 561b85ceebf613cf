/** The part of `coderSchemas` that is about chats, their models and providers. */
import * as providers from '../contract/ai-providers.ts'
import * as files from '../contract/chats-files.ts'
import * as messages from '../contract/chats-messages.ts'
import * as models from '../contract/chats-models.ts'
import * as stream from '../contract/chats-stream.ts'
import * as titles from '../contract/chats-titles.ts'
import * as watch from '../contract/chats-watch.ts'
import * as chats from '../contract/chats.ts'

export const coderChatSchemas = {
  AIProvider: providers.aiProviderSchema,
  AIProviderBedrockSettings: providers.bedrockSettingsSchema,
  AIProviderKey: providers.aiProviderKeySchema,
  AIProviderKeyMutation: providers.aiProviderKeyMutationSchema,
  Chat: chats.chatSchema,
  ChatDiffStatus: chats.chatDiffStatusSchema,
  ChatError: chats.chatErrorSchema,
  ChatFileMetadata: chats.chatFileMetadataSchema,
  ChatInputPart: messages.chatInputPartSchema,
  ChatMessage: messages.chatMessageSchema,
  ChatMessagePart: messages.chatMessagePartSchema,
  ChatMessageUsage: messages.chatMessageUsageSchema,
  ChatMessagesResponse: messages.chatMessagesResponseSchema,
  ChatModel: models.chatModelSchema,
  ChatModelCallConfig: models.chatModelCallConfigSchema,
  ChatModelConfig: models.chatModelConfigSchema,
  ChatModelProvider: models.chatModelProviderSchema,
  ChatModelProviderOptions: models.chatModelProviderOptionsSchema,
  ChatModelsResponse: models.chatModelsResponseSchema,
  ChatPrompt: messages.chatPromptSchema,
  ChatPromptsResponse: messages.chatPromptsResponseSchema,
  ChatQueuedMessage: messages.chatQueuedMessageSchema,
  ChatStreamActionRequired: stream.chatStreamActionRequiredSchema,
  ChatStreamEvent: stream.chatStreamEventSchema,
  ChatStreamMessagePart: stream.chatStreamMessagePartSchema,
  ChatStreamRetry: stream.chatStreamRetrySchema,
  ChatStreamStatus: stream.chatStreamStatusSchema,
  ChatStreamToolCall: stream.chatStreamToolCallSchema,
  ChatUnsupportedProvider: models.chatUnsupportedProviderSchema,
  ChatWatchEvent: watch.chatWatchEventSchema,
  CreateAIProviderRequest: providers.createAiProviderRequestSchema,
  CreateChatMessageRequest: messages.createChatMessageRequestSchema,
  CreateChatMessageResponse: messages.createChatMessageResponseSchema,
  CreateChatModelConfigRequest: models.createChatModelConfigRequestSchema,
  CreateChatRequest: chats.createChatRequestSchema,
  DynamicTool: chats.dynamicToolSchema,
  EditChatMessageRequest: messages.editChatMessageRequestSchema,
  EditChatMessageResponse: messages.editChatMessageResponseSchema,
  ProposeChatTitleResponse: titles.proposeChatTitleResponseSchema,
  SubmitToolResultsRequest: chats.submitToolResultsRequestSchema,
  ToolResult: chats.toolResultSchema,
  UpdateAIProviderRequest: providers.updateAiProviderRequestSchema,
  UpdateChatModelConfigRequest: models.updateChatModelConfigRequestSchema,
  UpdateChatRequest: chats.updateChatRequestSchema,
  UploadChatFileResponse: files.uploadChatFileResponseSchema,
} as const
