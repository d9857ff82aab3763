/** One message, signed by what every terminal has: docs/messaging.md explains it line by line. */
export function firstMessage(address: string, secret: string): string {
  return `ADDRESS='${address}'
SECRET='${secret}'
ID="msg_$(date +%s)"
AT="$(date +%s)"
BODY='{"type":"message.received","timestamp":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","data":{"from":"+34 600 100 200","name":"Rosa","text":"Is anybody there?"}}'
KEY="$(printf %s "\${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')"
SIGNATURE="$(printf %s "$ID.$AT.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | openssl base64 -A)"
curl "$ADDRESS" -H 'content-type: application/json' -H "webhook-id: $ID" -H "webhook-timestamp: $AT" -H "webhook-signature: v1,$SIGNATURE" -d "$BODY"`;
}
