package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// cli runs the docker CLI on PATH for one resource; its output goes to the user as the resource's status.
type cli struct {
	*server
	urn   resource.URN
	env   []string
	stdin string
	hide  []string // values never to be shown
}

const shownOnFailure = 30 // lines of output that an error carries

// build: the values of build arguments travel in the environment, where `ps` does not show them.
func (c cli) build(ctx context.Context, in inputs) error {
	buildKit := "1"
	if in.Build.BuilderVersion == "BuilderV1" {
		buildKit = "0"
	}
	c.env = []string{"DOCKER_BUILDKIT=" + buildKit, "BUILDKIT_PROGRESS=plain", "BUILDX_BUILDER=default", "BUILDX_NO_DEFAULT_ATTESTATIONS=1"}
	args := []string{"build", "--tag", in.ImageName, "--file", in.Build.Dockerfile}
	if in.Build.Platform != "" {
		args = append(args, "--platform", in.Build.Platform)
	}
	if in.Build.Target != "" {
		args = append(args, "--target", in.Build.Target)
	}
	for _, name := range slices.Sorted(maps.Keys(in.Build.Args)) {
		args = append(args, "--build-arg", name)
		c.env = append(c.env, name+"="+in.Build.Args[name])
	}
	_, err := c.run(ctx, append(args, in.Build.Context)...)
	return err
}

func (c cli) run(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "docker", args...)
	command.Env = os.Environ()
	if c.dockerHost != "" {
		command.Env = append(command.Env, "DOCKER_HOST="+c.dockerHost)
	}
	command.Env = append(command.Env, c.env...)
	command.Stdin = strings.NewReader(c.stdin)
	var stdout bytes.Buffer
	var last []string
	reader, writer := io.Pipe()
	command.Stdout, command.Stderr = io.MultiWriter(&stdout, writer), writer
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewReader(reader); ; {
			line, err := lines.ReadString('\n')
			for _, secret := range c.hide {
				line = strings.ReplaceAll(line, secret, "[secret]")
			}
			if line = strings.TrimRight(line, "\r\n"); line != "" {
				last = append(last, line)
				last = last[max(0, len(last)-shownOnFailure):]
				_ = c.host.LogStatus(ctx, diag.Info, c.urn, line)
			}
			if err != nil {
				return
			}
		}
	}()
	err := command.Run()
	writer.Close()
	<-read
	if err != nil {
		return "", fmt.Errorf("docker %s failed (%w); its last lines:\n%s", args[0], err, strings.Join(last, "\n"))
	}
	return stdout.String(), nil
}

// secretStrings are the strings in a value that the program marked as secret.
func secretStrings(value resource.PropertyValue, isSecret bool) (found []string) {
	switch {
	case value.IsSecret():
		return secretStrings(value.SecretValue().Element, true)
	case value.IsObject():
		for _, inner := range value.ObjectValue() {
			found = append(found, secretStrings(inner, isSecret)...)
		}
	case isSecret && value.IsString() && value.StringValue() != "":
		found = append(found, value.StringValue())
	}
	return found
}
