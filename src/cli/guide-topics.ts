/** The pages of `help` besides those of the commands. */
export const GUIDE_TOPICS = ['files', 'aws', 'rules', 'numbers', 'speed', 'scale'] as const;

export type GuideTopic = (typeof GUIDE_TOPICS)[number];
