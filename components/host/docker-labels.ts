/** Label that every container, network and volume of a stack carries; its value is the stack's instance id. */
export const INSTANCE_LABEL = "wsgi-on-aws.instance";
