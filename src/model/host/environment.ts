/** The environment variables that secrets come from: an argument could be read by every program on the machine. */

/** A device's token, unless another variable is named. */
export const TOKEN_VARIABLE = 'MOULT_TOKEN';
/** The password of a device's user, unless a list of devices names another variable. */
export const PASSWORD_VARIABLE = 'MOULT_PASSWORD';
/** What the tokens of a backup were sealed with. */
export const PASSPHRASE_VARIABLE = 'MOULT_PASSPHRASE';
/** What an agent shows its rollout server for all of its devices, unless another variable or a file is named. */
export const GATEWAY_TOKEN_VARIABLE = 'MOULT_GATEWAY_TOKEN';
/** The password of the MQTT broker's user, unless a file is named. */
export const MQTT_PASSWORD_VARIABLE = 'MOULT_MQTT_PASSWORD';
