// Command pulumi-resource-docker serves the resources of the npm package @pulumi/docker where Pulumi's own provider cannot
// be had: the Terraform docker provider through Pulumi's Terraform bridge, and docker.Image (image.go), which Terraform lacks.
package main

import (
	"context"
	"os"
	"time"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	docker "github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

const version = "5.2.0" // of @pulumi/docker, whose names we serve

func providerInfo() tfbridge.ProviderInfo {
	name := func(n string) *tfbridge.SchemaInfo { return &tfbridge.SchemaInfo{Name: n} }
	info := tfbridge.ProviderInfo{
		P:         shimv2.NewProvider(docker.New(version)()),
		Name:      "docker",
		Version:   version,
		GitHubOrg: "kreuzwerker",
		Config: map[string]*tfbridge.SchemaInfo{
			"host":          {Default: &tfbridge.DefaultInfo{EnvVars: []string{"DOCKER_HOST"}}},
			"registry_auth": name("registryAuth"),
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_image": {
				Tok:    "docker:index/remoteImage:RemoteImage",
				Fields: map[string]*tfbridge.SchemaInfo{"name": name("name")}, // an image is named, never auto-named
			},
			"docker_container": {Fields: map[string]*tfbridge.SchemaInfo{
				"command":           name("command"),
				"networks_advanced": name("networksAdvanced"),
			}},
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: "docker:index/getRemoteImage:getRemoteImage"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	info.SetAutonaming(255, "-")
	return info
}

func main() {
	info := providerInfo()
	if len(os.Args) == 2 && os.Args[1] == "names" {
		printNames(info)
		return
	}
	go endWithParent()
	info.P.InitLogging(context.Background())
	err := provider.Main("docker", func(host *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		bridged := tfbridge.NewProvider(context.Background(), host, "docker", version, info.P, info, nil)
		return &server{ResourceProviderServer: bridged, host: host}, nil
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
}

// endWithParent ends this process soon after the engine that started it, also when that was killed.
func endWithParent() {
	for parent := os.Getppid(); os.Getppid() == parent; {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}
