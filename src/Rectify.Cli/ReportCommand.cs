using System.CommandLine;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Reports;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify report.</summary>
internal static class ReportCommand
{
    private const string Help =
        """
        Writes a run as one page, report.html in its folder: curves, slopes, signal, errors of each class, pictures, filters and recipe. It opens offline.

        Example: rectify report --run small14-1 --open
        Example: rectify report --run prelu --against relu
        Example: rectify report --run small14-1 --text
        Scores of each class come from --scores, else from the run's folder scores/, else the run's own validation images are scored at once.
        """;

    public static Command Create()
    {
        Option<string> run = new("--run") { Description = "The run: a name under runs/ or a path.", Required = true, HelpName = "NAME" };
        Option<string?> against = new("--against") { Description = "Another run, whose curves and errors stand beside.", HelpName = "NAME" };
        Option<string[]> scores = new("--scores")
        {
            Description = "Files of scores: the run's, and with --against the other's.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> open = new("--open") { Description = "Open the page in the browser." };
        Option<bool> text = new("--text") { Description = "Print a summary in the terminal instead; needs no Node." };
        EngineOptions engine = new();
        Command command = new("report", Help) { run, against, scores, open, text };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            if (result.GetValue(text))
            {
                GivenOptions.Refuse(result, "is for the page, and --text writes none; leave one of the two out.", open);
            }

            string[] files = result.GetValue(scores) ?? [];
            string? other = result.GetValue(against);
            string runs = other is null ? "is one run" : "are two runs";
            UsageException.Require(files.Length <= (other is null ? 1 : 2), $"--scores: {files.Length} files, but there {runs}; give the run's first.");
            TextWriter people = result.GetValue(text) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            RunFolder folder = RunFolder.Open(result.GetValue(run)!);
            RunFolder? otherFolder = other is null ? null : RunFolder.Open(other);
            UsageException.Require(otherFolder?.FullPath != folder.FullPath, $"--against {other}: that is the run itself; name another, or leave it out.");

            // What is missing for the page is said before the work begins.
            ChartScripts? scripts = result.GetValue(text) ? null : ChartScripts.Find(people.WriteLine);
            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            {
                ReportSubject subject = new(context, decoder, people, forPage: scripts is not null);
                RunFacts facts = subject.Gather(folder, folder, files.Length > 0 ? files[0] : null);
                RunFacts? beside = otherFolder is null ? null : subject.Gather(otherFolder, folder, files.Length > 1 ? files[1] : null, facts.Scores?.Origin.ImagesFingerprint);
                ReportFacts report = new(facts, beside, File.ReadAllText(folder.RecipePath));
                if (scripts is null)
                {
                    TextReport.Write(result.InvocationConfiguration.Output, report);
                    return;
                }

                string path = Path.Combine(folder.FullPath, ReportPage.FileName);
                ReportPage.Write(path, report, scripts);
                people.WriteLine($"written: {path}");
                if (result.GetValue(open))
                {
                    people.WriteLine(Browser.Open(path) ? "opened in the browser" : $"no browser was found; open {path} in one yourself");
                }
            }
        });
        return command;
    }
}
