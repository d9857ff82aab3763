/**
 * Webhooks in the form that Meta documents for the WhatsApp Cloud API (webhook field `messages`: incoming messages and statuses),
 * with people, words and ids of our own.
 */
export const phoneNumberId = '106540352242922';
export const phone = '15550100234';

const metadata = { display_phone_number: '15550100999', phone_number_id: phoneNumberId };
const contacts = [{ profile: { name: 'Rosa Iglesias' }, wa_id: phone }];

export const envelope = (value: object, field = 'messages'): object => ({
  object: 'whatsapp_business_account',
  entry: [
    { id: '102290129340398', changes: [{ value: { messaging_product: 'whatsapp', metadata, ...value }, field }] },
  ],
});

const head = (id: string, at: number, type: string): object => ({
  from: phone,
  id,
  timestamp: String(Math.floor(at / 1000)),
  type,
});

/** A message of any type. @param content the part that is named after the type */
export const whatsappMessage = (type: string, content: object, id: string, at: number): object =>
  envelope({ contacts, messages: [{ ...head(id, at, type), ...(type === 'none' ? {} : { [type]: content }) }] });

export const whatsappText = (text: string, id: string, at: number): object =>
  whatsappMessage('text', { body: text }, id, at);

/** One of each type beside text, and what staff reads. */
export const kinds: readonly (readonly [type: string, content: object, read: string | null])[] = [
  ['button', { payload: 'BLOCK_CARD', text: 'Block my card' }, 'Block my card'],
  ['interactive', { type: 'button_reply', button_reply: { id: 'b1', title: 'Change the date' } }, 'Change the date'],
  [
    'interactive',
    { type: 'list_reply', list_reply: { id: 'r2', title: 'Priority', description: 'In two days' } },
    'Priority',
  ],
  [
    'interactive',
    { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":1}' } },
    'Sent an answer to a form, which cannot be shown here.',
  ],
  [
    'image',
    { mime_type: 'image/jpeg', sha256: 'SfI=', id: '1003383421387256' },
    'Sent a photo, which cannot be shown here.',
  ],
  [
    'image',
    { caption: 'This is the bill.', mime_type: 'image/jpeg', id: '1003383421387257' },
    'Sent a photo, which cannot be shown here.\nThis is the bill.',
  ],
  ['video', { mime_type: 'video/mp4', id: '2' }, 'Sent a video, which cannot be shown here.'],
  [
    'audio',
    { mime_type: 'audio/ogg; codecs=opus', id: '3', voice: true },
    'Sent a voice message, which cannot be shown here.',
  ],
  [
    'document',
    { filename: 'bill.pdf', mime_type: 'application/pdf', id: '4' },
    'Sent a document, which cannot be shown here.',
  ],
  ['sticker', { mime_type: 'image/webp', id: '5', animated: false }, 'Sent a sticker, which cannot be shown here.'],
  [
    'location',
    { latitude: 37.44, longitude: -122.16, name: 'The branch' },
    'Sent a location, which cannot be shown here.',
  ],
  ['contacts', [{ name: { formatted_name: 'Bo' } }], 'Sent a contact, which cannot be shown here.'],
  ['order', { catalog_id: '6', product_items: [] }, 'Sent an order, which cannot be shown here.'],
  ['reaction', { message_id: 'wamid.ours', emoji: '\u{1F44D}' }, 'Reacted with \u{1F44D}'],
  // Taken back.
  ['reaction', { message_id: 'wamid.ours' }, null],
  ['system', { body: 'User changed from one number to another', type: 'user_changed_number' }, null],
  ['unsupported', { type: 'poll' }, 'Sent a message that cannot be shown here.'],
  ['hologram', { depth: 3 }, 'Sent a message that cannot be shown here.'],
];

export const whatsappStatus = (ref: string, state: string, at: number): object =>
  envelope({
    statuses: [
      {
        id: ref,
        status: state,
        timestamp: String(Math.floor(at / 1000)),
        recipient_id: phone,
        pricing: { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' },
        ...(state === 'failed'
          ? {
              errors: [
                {
                  code: 131026,
                  title: 'Message undeliverable',
                  message: 'Message undeliverable',
                  error_data: { details: 'The number is not on WhatsApp.' },
                },
              ],
            }
          : {}),
      },
    ],
  });

/** What the API answers to a message that it took. */
export const whatsappTaken = (id: string): string =>
  JSON.stringify({
    messaging_product: 'whatsapp',
    contacts: [{ input: phone, wa_id: phone }],
    messages: [{ id, message_status: 'accepted' }],
  });

export const whatsappError = (code: number): string =>
  JSON.stringify({ error: { message: `(#${code}) no`, type: 'OAuthException', code, fbtrace_id: 'Az8or2yhqkZfEZ' } });
