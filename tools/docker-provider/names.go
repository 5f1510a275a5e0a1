package main

import (
	"encoding/json"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// field is the shape of one property as a program sees it; test/tools compares it with the .d.ts of @pulumi/docker.
type field struct {
	Type     string           `json:"type"`
	Elem     *field           `json:"elem,omitempty"`
	Fields   map[string]field `json:"fields,omitempty"`
	Required bool             `json:"required,omitempty"`
	Input    bool             `json:"input,omitempty"`
}

// printNames writes the names, types and required flags of everything that is bridged, by token.
func printNames(info tfbridge.ProviderInfo) {
	all := map[string]map[string]field{"provider": fields(info.P.Schema(), info.Config)}
	for tf, r := range info.Resources {
		all[string(r.Tok)] = fields(info.P.ResourcesMap().Get(tf).Schema(), r.Fields)
	}
	for tf, r := range info.DataSources {
		all[string(r.Tok)] = fields(info.P.DataSourcesMap().Get(tf).Schema(), r.Fields)
	}
	_ = json.NewEncoder(os.Stdout).Encode(all)
}

func fields(m shim.SchemaMap, infos map[string]*tfbridge.SchemaInfo) map[string]field {
	out := map[string]field{}
	m.Range(func(tf string, s shim.Schema) bool {
		if s.Removed() == "" {
			f := shape(s, infos[tf])
			hasDefault := infos[tf] != nil && infos[tf].Default != nil
			f.Required, f.Input = s.Required() && !hasDefault, s.Required() || s.Optional()
			out[tfbridge.TerraformToPulumiNameV2(tf, m, infos)] = f
		}
		return true
	})
	return out
}

func shape(s shim.Schema, info *tfbridge.SchemaInfo) field {
	if info == nil {
		info = &tfbridge.SchemaInfo{}
	}
	nested := info.Fields
	if nested == nil && info.Elem != nil {
		nested = info.Elem.Fields
	}
	elem := &field{Type: "string"}
	switch e := s.Elem().(type) {
	case shim.Schema:
		*elem = shape(e, info.Elem)
	case shim.Resource:
		*elem = field{Type: "object", Fields: fields(e.Schema(), nested)}
	}
	switch s.Type() {
	case shim.TypeBool:
		return field{Type: "boolean"}
	case shim.TypeInt, shim.TypeFloat:
		return field{Type: "number"}
	case shim.TypeString:
		return field{Type: "string"}
	case shim.TypeMap:
		return field{Type: "map", Elem: elem}
	}
	if tfbridge.IsMaxItemsOne(s, info) {
		return *elem
	}
	return field{Type: "array", Elem: elem}
}
