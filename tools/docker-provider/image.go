package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// server is the bridged provider, but for the resource type docker:index/image:Image.
type server struct {
	pulumirpc.ResourceProviderServer
	host       *provider.HostClient
	dockerHost string // the provider's setting "host"
}

func isImage(urn string) bool { return resource.URN(urn).Type() == "docker:index/image:Image" }

var keep = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipNulls: true}
var reveal = plugin.MarshalOptions{KeepUnknowns: true, SkipNulls: true}

func (s *server) Configure(ctx context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	if args, err := plugin.UnmarshalProperties(r.GetArgs(), reveal); err == nil && args["host"].IsString() {
		s.dockerHost = args["host"].StringValue()
	}
	return s.ResourceProviderServer.Configure(ctx, r)
}

// Check fills in the defaults and adds build.contextDigest, the input by which a changed build context is a changed resource.
func (s *server) Check(ctx context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Check(ctx, r)
	}
	in, err := plugin.UnmarshalProperties(r.GetNews(), keep)
	if err != nil {
		return nil, err
	}
	setDefault := func(m resource.PropertyMap, k resource.PropertyKey, v any) {
		if !m.HasValue(k) {
			m[k] = resource.NewPropertyValue(v)
		}
	}
	setDefault(in, "skipPush", false)
	setDefault(in, "buildOnPreview", false)
	build := resource.PropertyMap{}
	if in["build"].IsObject() {
		build = in["build"].ObjectValue()
	}
	setDefault(build, "builderVersion", "BuilderBuildKit")
	setDefault(build, "context", ".")
	if build["context"].IsString() {
		setDefault(build, "dockerfile", filepath.Join(build["context"].StringValue(), "Dockerfile"))
	}
	in["build"] = resource.NewProperty(build)
	if c, d := build["context"], build["dockerfile"]; c.IsString() && d.IsString() {
		digest, err := contextDigest(c.StringValue(), d.StringValue())
		if err != nil {
			return &pulumirpc.CheckResponse{Failures: []*pulumirpc.CheckFailure{{Property: "build", Reason: err.Error()}}}, nil
		}
		build["contextDigest"] = resource.NewProperty(digest)
	}
	out, err := plugin.MarshalProperties(in, keep)
	return &pulumirpc.CheckResponse{Inputs: out}, err
}

// Diff: every input but the registry's credentials builds anew in place, as @pulumi/docker does.
func (s *server) Diff(ctx context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Diff(ctx, r)
	}
	var sides [2]resource.PropertyMap
	for i, side := range []*structpb.Struct{r.GetOldInputs(), r.GetNews()} {
		m, err := plugin.UnmarshalProperties(side, reveal)
		if err != nil {
			return nil, err
		}
		delete(m, "buildOnPreview")
		if m["registry"].IsObject() {
			delete(m["registry"].ObjectValue(), "username")
			delete(m["registry"].ObjectValue(), "password")
		}
		sides[i] = m
	}
	answer := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true}
	if d := sides[0].Diff(sides[1]); d != nil {
		answer.Changes, answer.DetailedDiff = pulumirpc.DiffResponse_DIFF_SOME, map[string]*pulumirpc.PropertyDiff{}
		for path, kind := range plugin.NewDetailedDiffFromObjectDiff(d, true) {
			answer.DetailedDiff[path] = &pulumirpc.PropertyDiff{Kind: pulumirpc.PropertyDiff_Kind(kind.Kind), InputDiff: true}
		}
		for _, k := range d.ChangedKeys() {
			answer.Diffs = append(answer.Diffs, string(k))
		}
	}
	return answer, nil
}

func (s *server) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Create(ctx, r)
	}
	id, out, err := s.build(ctx, r.GetUrn(), r.GetProperties(), r.GetPreview())
	return &pulumirpc.CreateResponse{Id: id, Properties: out}, err
}

func (s *server) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Update(ctx, r)
	}
	_, out, err := s.build(ctx, r.GetUrn(), r.GetNews(), r.GetPreview())
	return &pulumirpc.UpdateResponse{Properties: out}, err
}

// Read reports what is in the state: @pulumi/docker documents no reconciliation of an image.
func (s *server) Read(ctx context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Read(ctx, r)
	}
	return &pulumirpc.ReadResponse{Id: r.GetId(), Properties: r.GetProperties(), Inputs: r.GetInputs()}, nil
}

// Delete keeps the tags, here and in the registry, as @pulumi/docker documents.
func (s *server) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	if !isImage(r.GetUrn()) {
		return s.ResourceProviderServer.Delete(ctx, r)
	}
	return &emptypb.Empty{}, nil
}

// inputs are those of docker.Image that the project's program sets.
type inputs struct {
	ImageName      string
	SkipPush       bool
	BuildOnPreview bool
	Registry       struct{ Server, Username, Password string }
	Build          struct {
		Context, Dockerfile, Target, Platform, BuilderVersion string
		Args                                                  map[string]string
	}
}

func (s *server) build(ctx context.Context, urn string, news *structpb.Struct, preview bool) (string, *structpb.Struct, error) {
	properties, err := plugin.UnmarshalProperties(news, reveal)
	if err != nil {
		return "", nil, err
	}
	outputs := func(in inputs, digest resource.PropertyValue) (string, *structpb.Struct, error) {
		build := properties["build"].ObjectValue()
		out := resource.PropertyMap{
			"baseImageName": properties["imageName"], "imageName": properties["imageName"], "repoDigest": digest,
			"context": build["context"], "dockerfile": build["dockerfile"], "registryServer": resource.NewProperty(in.Registry.Server),
		}
		if platform, set := build["platform"]; set {
			out["platform"] = platform
		}
		fields, err := plugin.MarshalProperties(out, keep)
		return in.ImageName, fields, err
	}
	unknown := resource.MakeComputed(resource.NewProperty(""))
	if preview && properties.ContainsUnknowns() {
		return outputs(inputs{}, unknown)
	}
	var in inputs
	text, err := json.Marshal(properties.Mappable())
	if err == nil {
		err = json.Unmarshal(text, &in)
	}
	if err != nil {
		return "", nil, err
	}
	if preview && !in.BuildOnPreview {
		return outputs(in, unknown)
	}
	marked, err := plugin.UnmarshalProperties(news, keep)
	if err != nil {
		return "", nil, err
	}
	client := cli{server: s, urn: resource.URN(urn), hide: secretStrings(resource.NewProperty(marked), false)}
	if err := client.build(ctx, in); err != nil {
		return "", nil, err
	}
	if in.SkipPush || preview {
		id, err := client.run(ctx, "image", "inspect", "--format", "{{.Id}}", in.ImageName)
		if err != nil {
			return "", nil, err
		}
		return outputs(in, resource.NewProperty(strings.TrimSpace(id)))
	}
	digest, err := client.push(ctx, in)
	if err != nil {
		return "", nil, err
	}
	return outputs(in, resource.NewProperty(digest))
}

// push sends the image with credentials of its own, never those of the user's Docker configuration, and returns `repository@digest`.
func (c cli) push(ctx context.Context, in inputs) (string, error) {
	if in.Registry.Username != "" {
		folder, err := os.MkdirTemp("", "docker-config")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(folder)
		c.env = []string{"DOCKER_CONFIG=" + folder}
		login := c
		login.stdin = in.Registry.Password
		if _, err := login.run(ctx, "login", "--username", in.Registry.Username, "--password-stdin", in.Registry.Server); err != nil {
			return "", err
		}
	}
	if _, err := c.run(ctx, "push", in.ImageName); err != nil {
		return "", err
	}
	all, err := c.run(ctx, "image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", in.ImageName)
	if err != nil {
		return "", err
	}
	repository := in.ImageName
	if i := strings.LastIndex(repository, ":"); i > strings.LastIndex(repository, "/") {
		repository = repository[:i]
	}
	for _, digest := range strings.Fields(all) { // one image can have digests of several repositories
		if strings.HasPrefix(digest, repository+"@") {
			return digest, nil
		}
	}
	return "", fmt.Errorf("the registry gave no digest for %s", in.ImageName)
}
