#!/usr/bin/env bash
# Packs the libraries and the tool, installs the tool and uses the packages from a new project, all in a folder that is gone afterwards. Needs a Release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() { echo "pack-check: $1" >&2; exit 1; }

# The scripts of the charts come with npm, which may be missing here; a release must have them.
scripts=true
[ -f src/Rectify.Reports/web/node_modules/vega/build/vega.min.js ] || scripts=false
dotnet pack Rectify.slnx -c Release --no-build -v quiet -nologo -o "$work/feed" $($scripts || echo -p:WithoutReportScripts=true)

version="$(basename "$work"/feed/Rectify.Tool.*.nupkg .nupkg)"
version="${version#Rectify.Tool.}"
for package in Rectify Rectify.Imaging Rectify.Mpi Rectify.Reports Rectify.Tool; do
  for kind in nupkg snupkg; do
    [ -f "$work/feed/$package.$version.$kind" ] || fail "there is no $package.$version.$kind"
  done
done

# Packages of others come from where this build had them; ours from the folder alone, and into a cache of its own: a version that was packed before must not answer.
packages="$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')"
export NUGET_PACKAGES="$work/packages"
cat >"$work/nuget.config" <<XML
<configuration>
  <packageSources>
    <clear />
    <add key="ours" value="$work/feed" />
    <add key="others" value="$packages" />
  </packageSources>
  <packageSourceMapping>
    <packageSource key="ours"><package pattern="Rectify*" /></packageSource>
    <packageSource key="others"><package pattern="*" /></packageSource>
  </packageSourceMapping>
</configuration>
XML

cd "$work"
run() { local what="$1"; shift; "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$what"; }; }
run "the tool cannot be installed" dotnet tool install Rectify.Tool --version "$version" --tool-path "$work/tool" --configfile "$work/nuget.config"
export RECTIFY_CACHE="$work/cache"
run "rectify --help fails" "$work/tool/rectify" --help
grep -q train "$work/log" || fail "rectify --help does not name train"
run "rectify train fails" "$work/tool/rectify" train --data builtin:60 --val builtin:20 --width 0.1 --size 16 --epochs 1 --batch 20 --run packed
if $scripts; then
  # Without npm on the PATH: the tool carries the scripts.
  root="$(dirname "$(readlink -f "$(command -v dotnet)")")"
  run "rectify report fails" env PATH=/nowhere DOTNET_ROOT="$root" "$work/tool/rectify" report --run packed
  grep -q vegaEmbed runs/packed/report.html || fail "the report has no charts"
fi

mkdir "$work/consumer"
cat >"$work/consumer/consumer.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Rectify" Version="$version" />
    <PackageReference Include="Rectify.Imaging" Version="$version" />
    <PackageReference Include="Rectify.Reports" Version="$version" />
  </ItemGroup>
</Project>
XML
cat >"$work/consumer/Program.cs" <<'CS'
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Reports;
using Rectify.Training;

using Classifier classifier = Classifier.Load("packed");
Console.WriteLine(classifier.Classify(new RenderedDataset(1, 16, seed: 3).Read(0))[0].Name);
using Workers workers = new(1);
RunFolder run = RunFolder.Open("packed");
RunFacts facts = FactsGathering.Gather(run, run.Name, new FactsOptions { Context = new KernelContext(workers) });
ReportFacts report = new(facts, null, File.ReadAllText(run.RecipePath));
if (args.Length > 0)
{
    ReportPage.Write(args[0], report, ChartScripts.Find(what => throw new InvalidOperationException(what)));
}
CS
run "a project that references the packages does not build" dotnet build "$work/consumer" -c Release -v quiet -nologo -o "$work/consumer/out"
run "a project that references the packages does not run" dotnet "$work/consumer/out/consumer.dll" $($scripts && echo page.html)
echo "pack-check: $version packs, installs, trains, reports, and serves a new project."
$scripts || echo "pack-check: the scripts of the charts are not restored (npm), so reports were not tried."
