/** On a device's card, and where a rollout begins. The percentage follows it. */
export const SENDING_TO_HOST = 'Sending the file to the host';
