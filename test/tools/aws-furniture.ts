import type { Properties } from "../../tools/aws/world.ts";
import type { Account } from "./aws-account.ts";

export const trust = (service: string, Action = "sts:AssumeRole") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action }],
  });

/** One of everything that a resource may refer to, and valid inputs for one more of each type. */
export async function furnish(account: Account): Promise<Readonly<Record<string, Properties>>> {
  const valid: Record<string, Properties> = {};
  const more = async (type: string, inputs: Properties, another: Properties = {}) => {
    valid[type] = { ...inputs, ...another };
    return account.make(type, inputs, "first");
  };
  const { id: vpcId } = await more("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = { vpcId, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-central-1a" };
  const { id: one } = await more("aws:ec2/subnet:Subnet", subnet, { cidrBlock: "10.0.2.0/24" });
  const { id: two } = await account.make(
    "aws:ec2/subnet:Subnet",
    { vpcId, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1b" },
    "second",
  );
  const { id: gatewayId } = await more("aws:ec2/internetGateway:InternetGateway", { vpcId }, { vpcId: undefined });
  const { id: routeTableId } = await more("aws:ec2/routeTable:RouteTable", { vpcId });
  const route = { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId };
  await more("aws:ec2/route:Route", route, { destinationCidrBlock: "192.0.2.0/24" });
  await more("aws:ec2/routeTableAssociation:RouteTableAssociation", { routeTableId, subnetId: one }, { subnetId: two });
  const { id: allocationId } = await more("aws:ec2/eip:Eip", { domain: "vpc" });
  await more("aws:ec2/natGateway:NatGateway", { allocationId, subnetId: one });
  await more("aws:ec2/vpcEndpoint:VpcEndpoint", {
    vpcId,
    serviceName: "com.amazonaws.eu-central-1.s3",
    vpcEndpointType: "Gateway",
    routeTableIds: [routeTableId],
  });
  const { id: group } = await more("aws:ec2/securityGroup:SecurityGroup", { vpcId, description: "tasks" });
  const rule = {
    securityGroupId: group,
    ipProtocol: "tcp",
    fromPort: 80,
    toPort: 80,
    cidrIpv4: "0.0.0.0/0",
    description: "web",
  };
  await more("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule, { cidrIpv4: "192.0.2.0/24" });
  await more("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", rule, { cidrIpv4: "192.0.2.0/24" });
  const balancer = { loadBalancerType: "application", subnets: [one, two], securityGroups: [group], idleTimeout: 60 };
  const { id: loadBalancerArn } = await more("aws:lb/loadBalancer:LoadBalancer", balancer);
  const healthCheck = {
    path: "/healthz",
    interval: 150,
    timeout: 2,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    protocol: "HTTP",
  };
  const targets = {
    vpcId,
    port: 8080,
    protocol: "HTTP",
    targetType: "ip",
    deregistrationDelay: 30,
    slowStart: 30,
    healthCheck,
  };
  const stickiness = { type: "lb_cookie", cookieDuration: 3600 };
  const { id: targetGroupArn } = await more("aws:lb/targetGroup:TargetGroup", { ...targets, stickiness });
  const forward = {
    loadBalancerArn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "forward", targetGroupArn, order: 1 }],
  };
  await more("aws:lb/listener:Listener", forward, { port: 81 });
  await more("aws:acm/certificate:Certificate", { domainName: "www.example.com", validationMethod: "DNS" });
  await more(
    "aws:route53/record:Record",
    { zoneId: "Z0EXAMPLE", name: "www.example.com", type: "A", ttl: 300, records: ["192.0.2.1"] },
    { name: "shop.example.com", type: "TXT", records: ["text"] },
  );
  const {
    id: role,
    outs: { arn: roleArn },
  } = await more("aws:iam/role:Role", {
    assumeRolePolicy: trust("ecs-tasks.amazonaws.com"),
    description: "tasks",
    maxSessionDuration: 3600,
    path: "/",
  });
  await more("aws:iam/rolePolicy:RolePolicy", { role, policy: policy({}) });
  const {
    outs: { arn: logs },
  } = await more("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 });
  await more("aws:ec2/flowLog:FlowLog", {
    vpcId,
    trafficType: "ALL",
    logDestinationType: "cloud-watch-logs",
    logDestination: logs,
    iamRoleArn: roleArn,
    maxAggregationInterval: 600,
  });
  const { id: secretId } = await more("aws:secretsmanager/secret:Secret", {
    description: "key",
    recoveryWindowInDays: 7,
  });
  await more("aws:secretsmanager/secretVersion:SecretVersion", { secretId, secretString: "value" });
  const { id: repository } = await more("aws:ecr/repository:Repository", { imageTagMutability: "MUTABLE" });
  await more("aws:ecr/lifecyclePolicy:LifecyclePolicy", { repository, policy: lifecycle(1) });
  const { id: cluster } = await more("aws:ecs/cluster:Cluster", {
    settings: [{ name: "containerInsights", value: "enabled" }],
  });
  const definition = {
    family: "web",
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    runtimePlatform: { cpuArchitecture: "X86_64" },
    containerDefinitions: containers({}),
  };
  const {
    outs: { arn: taskDefinition },
  } = await more("aws:ecs/taskDefinition:TaskDefinition", definition);
  const network = { networkConfiguration: { subnets: [one], securityGroups: [group] } };
  const loadBalancers = [{ containerName: "nginx", containerPort: 8080, targetGroupArn }];
  await more("aws:ecs/service:Service", {
    cluster,
    taskDefinition,
    launchType: "FARGATE",
    desiredCount: 1,
    healthCheckGracePeriodSeconds: 60,
    deploymentMaximumPercent: 200,
    deploymentMinimumHealthyPercent: 100,
    ...network,
    loadBalancers,
  });
  const { id: dbSubnetGroupName } = await more("aws:rds/subnetGroup:SubnetGroup", { subnetIds: [one, two] });
  const { id: parameterGroupName } = await more("aws:rds/parameterGroup:ParameterGroup", { family: "postgres17" });
  await more("aws:rds/instance:Instance", {
    engine: "postgres",
    engineVersion: "17",
    instanceClass: "db.t4g.micro",
    allocatedStorage: 20,
    username: "app",
    dbName: "app",
    password: "long-enough",
    backupRetentionPeriod: 7,
    dbSubnetGroupName,
    parameterGroupName,
    vpcSecurityGroupIds: [group],
    skipFinalSnapshot: true,
  });
  const { id: bucket } = await more("aws:s3/bucket:Bucket", {});
  await more("aws:s3/bucketVersioning:BucketVersioning", { bucket, versioningConfiguration: { status: "Enabled" } });
  await more("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    bucket,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  await more("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket, blockPublicPolicy: true });
  await more("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  await more("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
    bucket,
    rules: [{ id: "expire", status: "Enabled" }],
  });
  const object = `arn:aws:s3:::${bucket}/*`;
  await more("aws:s3/bucketPolicy:BucketPolicy", {
    bucket,
    policy: policy({ Principal: { Service: "s3.amazonaws.com" }, Resource: object }),
  });
  return valid;
}

/** A policy with one statement. */
export const policy = (statement: Properties): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }],
  });

/** A lifecycle policy that keeps so many images. */
export const lifecycle = (countNumber: number): string => {
  const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber };
  return JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] });
};

/** Container definitions of one container, with this laid over it, and of others behind it. */
export const containers = (more: Properties, ...others: readonly Properties[]): string =>
  JSON.stringify([{ name: "nginx", image: "nginx", portMappings: [{ containerPort: 8080 }], ...more }, ...others]);
