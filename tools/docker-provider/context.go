package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// contextDigest hashes name, mode and content of every file that a build sends to the engine, and of the Dockerfile.
func contextDigest(folder, dockerfile string) (string, error) {
	hash := sha256.New()
	add := func(name, path string) error {
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(hash, "%q %o ", name, info.Mode())
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			fmt.Fprintf(hash, "%q", target)
			return err
		case info.Mode().IsRegular():
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			content := sha256.New() // of each file, so that no content can look like the next file's name
			if _, err := io.Copy(content, file); err != nil {
				return err
			}
			fmt.Fprintf(hash, "%x", content.Sum(nil))
		}
		return nil
	}
	if err := add("", dockerfile); err != nil {
		return "", err
	}
	ignored, err := ignoreRules(folder, dockerfile)
	if err != nil {
		return "", err
	}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil || name == "." {
			return err
		}
		skip, err := ignored.MatchesOrParentMatches(name)
		switch {
		case err != nil:
			return err
		case skip && entry.IsDir() && !ignored.Exclusions():
			return filepath.SkipDir
		case skip:
			return nil
		}
		return add(filepath.ToSlash(name), path)
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

// ignoreRules: the file beside the Dockerfile wins over the one of the context, as in BuildKit.
func ignoreRules(folder, dockerfile string) (*patternmatcher.PatternMatcher, error) {
	for _, path := range []string{dockerfile + ".dockerignore", filepath.Join(folder, ".dockerignore")} {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		defer file.Close()
		patterns, err := ignorefile.ReadAll(file)
		if err != nil {
			return nil, err
		}
		return patternmatcher.New(patterns)
	}
	return patternmatcher.New(nil)
}
