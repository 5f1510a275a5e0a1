/** Types whose CloudFormation name does not follow from their own. */
export const TYPES: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "AWS::Logs::LogGroup",
  "aws:lb/listener:Listener": "AWS::ElasticLoadBalancingV2::Listener",
  "aws:lb/loadBalancer:LoadBalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "aws:lb/targetGroup:TargetGroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
  "aws:rds/instance:Instance": "AWS::RDS::DBInstance",
  "aws:rds/parameterGroup:ParameterGroup": "AWS::RDS::DBParameterGroup",
  "aws:route53/record:Record": "AWS::Route53::RecordSet",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "AWS::EC2::SecurityGroupEgress",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "AWS::EC2::SecurityGroupIngress",
};

/** Values that the provider takes beside CloudFormation's; 0 days: the log never ends. */
export const MORE: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  "aws:cloudwatch/logGroup:LogGroup": { retentionInDays: [0] },
};

/** Inputs that CloudFormation knows under a name, or at a place, that no rule of spelling finds. */
export const PROPERTIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "aws:ec2/securityGroup:SecurityGroup": { description: "GroupDescription" },
  "aws:iam/rolePolicy:RolePolicy": { name: "PolicyName", role: "RoleName" },
  "aws:lb/loadBalancer:LoadBalancer": { loadBalancerType: "Type" },
  "aws:lb/targetGroup:TargetGroup": {
    "healthCheck.healthyThreshold": "HealthyThresholdCount",
    "healthCheck.interval": "HealthCheckIntervalSeconds",
    "healthCheck.path": "HealthCheckPath",
    "healthCheck.protocol": "HealthCheckProtocol",
    "healthCheck.timeout": "HealthCheckTimeoutSeconds",
    "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
  },
  "aws:rds/instance:Instance": { identifier: "DBInstanceIdentifier", username: "MasterUsername" },
  "aws:rds/parameterGroup:ParameterGroup": { name: "DBParameterGroupName" },
  "aws:route53/record:Record": { zoneId: "HostedZoneId", records: "ResourceRecords" },
  "aws:s3/bucket:Bucket": { bucket: "BucketName" },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { cidrIpv4: "CidrIp" },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { cidrIpv4: "CidrIp" },
};
