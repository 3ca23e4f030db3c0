/** A name that is HTML in every way. */
export const EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&amp;{a|b}';

/** CSV quoting of a field. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A company in which every name and id is hostile. */
export const HOSTILE_FILES: Record<string, string> = {
  'profiles.csv': `profile_id,account_id,region,name\n${quoted(`p${EVIL}`)},111122223333,us-east-1,${quoted(EVIL)}\n`,
  'users.csv': `user_id,name,cost_center\n${quoted(`u${EVIL}`)},${quoted(`${EVIL}\n\u202eevil`)},${quoted(EVIL)}\n`,
  'groups.csv': `group_id,name\n${quoted(`g${EVIL}`)},${quoted(EVIL)}\n`,
  'group_members.csv': `group_id,user_id\n${quoted(`g${EVIL}`)},${quoted(`u${EVIL}`)}\n`,
  'subscriptions.csv': [
    'profile_id,principal_type,principal_id,tier,subscribed_at',
    `${quoted(`p${EVIL}`)},group,${quoted(`g${EVIL}`)},Pro,2025-11-01`,
    `${quoted(`p${EVIL}`)},user,${quoted('" onfocus="alert(1)')},Pro,2025-11-01`,
    '',
  ].join('\n'),
  'usage.csv': `timestamp,profile_id,user_id,credits\n2026-02-05T10:00:00Z,${quoted(`p${EVIL}`)},${quoted(`u${EVIL}`)},1100\n2026-02-05T10:00:00Z,${quoted(`p${EVIL}`)},${quoted('<b>nobody')},1\n`,
};
